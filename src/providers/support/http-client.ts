import { type Clock, systemClock } from '../../common/clock';
import type { VendorHttp, VendorRequest, VendorResponse } from '../contract/http';
import { ProviderError } from '../contract/provider-error';
import { isRecord } from './json';
import { hasPublicHost } from './public-address';
import { retryAfterMs } from './retry-after';
import type { VendorObserver, VendorOutcome } from './vendor-observer';

const TIMEOUT_MS = 8_000;
const MAX_BYTES = 1024 * 1024;

export interface HttpClientOptions {
  /** Names the vendor in error messages and observations. */
  readonly vendor: string;
  /** Replaces scheme, host and port of every URL; its own path goes in front of theirs. */
  readonly baseUrl?: string;
  /** For one call, until its body is read; in milliseconds. */
  readonly timeoutMs?: number;
  /** Of a decoded answer. */
  readonly maxBytes?: number;
  /** Refuses hosts at private addresses: for vendors whose host the customer names. */
  readonly publicOnly?: boolean;
  readonly clock?: Clock;
  readonly observe?: VendorObserver;
}

/**
 * Speaks to one vendor on Node's `fetch`. Never repeats a call. The errors it throws hold no URL, header, body or
 * underlying error, since any of these may hold a credential (`fetch` quotes header values that it refuses).
 */
export class HttpClient implements VendorHttp {
  private readonly vendor: string;
  private readonly timeoutMs: number;
  private readonly clock: Clock;

  constructor(private readonly options: HttpClientOptions) {
    this.vendor = options.vendor;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.clock = options.clock ?? systemClock;
  }

  async send(request: VendorRequest): Promise<VendorResponse> {
    const startedAt = performance.now();
    const observe = (outcome: VendorOutcome) =>
      this.options.observe?.(this.vendor, request.method, outcome, (performance.now() - startedAt) / 1000);
    try {
      const response = await this.exchange(request);
      observe(response.status < 400 ? 'ok' : 'refused');
      return response;
    } catch (error) {
      observe(outcomeOf(error));
      throw error;
    }
  }

  private async exchange(request: VendorRequest): Promise<VendorResponse> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.timeoutMs);
    const signal = request.signal ? AbortSignal.any([limit.signal, request.signal]) : limit.signal;
    try {
      const url = rebase(request.url, this.options.baseUrl);
      await this.checkHost(url, signal);
      const response = await fetch(url, {
        method: request.method,
        headers: headersOf(request),
        body: bodyOf(request),
        redirect: 'manual',
        signal,
      });
      await this.checkStatus(response);
      const text = await this.readText(response);
      return { status: response.status, headers: response.headers, text, json: parseJson(text) };
    } catch (error) {
      throw this.toProviderError(error, limit.signal, request.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  private async checkHost(url: URL, signal: AbortSignal): Promise<void> {
    if (!this.options.publicOnly) return;
    if (!(await unlessAborted(hasPublicHost(url), signal))) {
      throw new ProviderError('permanent', `${this.vendor}: its URL points to a private address`);
    }
  }

  private async checkStatus(response: Response): Promise<void> {
    const { status } = response;
    if (status < 500 && status !== 429 && !(status >= 300 && status < 400)) return;
    await response.body?.cancel();
    const message = `${this.vendor} answered HTTP ${status}`;
    const options = {
      httpStatus: status,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), this.clock.now()),
    };
    if (status === 429) throw new ProviderError('rate_limited', message, options);
    if (status >= 500) throw new ProviderError('transient', message, options);
    throw new ProviderError('permanent', `${message}, a redirect, which is not followed`, { httpStatus: status });
  }

  private async readText(response: Response): Promise<string> {
    const maxBytes = this.options.maxBytes ?? MAX_BYTES;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new ProviderError('transient', `${this.vendor} answered more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  }

  private toProviderError(error: unknown, limit: AbortSignal, callers: AbortSignal | undefined): ProviderError {
    if (error instanceof ProviderError) return error;
    if (limit.aborted) {
      const message = `${this.vendor} did not answer within ${this.timeoutMs / 1000} s`;
      return new ProviderError('transient', message, { timedOut: true });
    }
    if (callers?.aborted) {
      const timedOut = memberOf(callers.reason, 'name') === 'TimeoutError';
      return new ProviderError('transient', `${this.vendor} was not waited for any longer`, { timedOut });
    }
    // `fetch` gives network faults a cause; without one it has refused the request before sending it.
    if (memberOf(error, 'name') === 'TypeError' && memberOf(error, 'cause') === undefined) {
      return new ProviderError('permanent', `${this.vendor} could not be asked: the request is malformed`);
    }
    const code = systemCode(error);
    return new ProviderError('transient', `${this.vendor} could not be reached${code ? ` (${code})` : ''}`);
  }
}

function rebase(url: string, baseUrl: string | undefined): URL {
  const target = new URL(url);
  if (baseUrl === undefined) return target;
  const base = new URL(baseUrl);
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${target.pathname}${target.search}`);
}

function headersOf(request: VendorRequest): Headers {
  const headers = new Headers(request.headers);
  const defaults: Record<string, string> = { accept: 'application/json', 'user-agent': 'patchbay' };
  if (request.json !== undefined) defaults['content-type'] = 'application/json';
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  return headers;
}

function bodyOf(request: VendorRequest): string | URLSearchParams | undefined {
  if (request.form) return new URLSearchParams({ ...request.form });
  return request.json === undefined ? undefined : JSON.stringify(request.json);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `dns.lookup` cannot be cancelled, so it is left behind. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function systemCode(error: unknown): string | undefined {
  const codes = [memberOf(error, 'code'), memberOf(memberOf(error, 'cause'), 'code')];
  return codes.find((code): code is string => typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,39}$/.test(code));
}

/** Errors that Node throws are told by their members, as one of another realm is no instance of our `Error`. */
function memberOf(value: unknown, member: string): unknown {
  return isRecord(value) ? value[member] : undefined;
}

function outcomeOf(error: unknown): VendorOutcome {
  if (!(error instanceof ProviderError)) return 'permanent';
  if (error.timedOut) return 'timeout';
  return error.kind === 'rate_limited' || error.kind === 'transient' ? error.kind : 'permanent';
}
