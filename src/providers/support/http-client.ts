import { isIP } from 'node:net';
import { Agent, fetch, type Response } from 'undici';
import { type Clock, systemClock } from '../../common/clock';
import type { VendorHttp, VendorRequest, VendorResponse } from '../contract/http';
import { ProviderError } from '../contract/provider-error';
import { isRecord } from './json';
import { isPublicAddress } from './public-address';
import { PRIVATE_ADDRESS, publicLookup } from './public-lookup';
import { retryAfterMs } from './retry-after';
import type { VendorObserver, VendorOutcome } from './vendor-observer';

const TIMEOUT_MS = 8_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** Of the pool to each host of the vendor. */
const POOL = { connections: 64, keepAliveTimeout: 30_000, connectTimeout: 4_000 } as const;
/** Failures before anything was sent, after which the vendor has surely done nothing. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

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
 * Speaks to one vendor over connections that are kept open. Never repeats a call. The errors it throws hold no URL, header,
 * body or underlying error, since any of these may hold a credential (`fetch` quotes header values that it refuses).
 */
export class HttpClient implements VendorHttp {
  private readonly vendor: string;
  private readonly dispatcher: Agent;
  private readonly timeoutMs: number;
  private readonly clock: Clock;

  constructor(private readonly options: HttpClientOptions) {
    this.vendor = options.vendor;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.clock = options.clock ?? systemClock;
    const { connectTimeout: timeout, ...pool } = POOL;
    this.dispatcher = new Agent({
      ...pool,
      connect: options.publicOnly ? { timeout, lookup: publicLookup } : { timeout },
    });
  }

  /** Closes the connections; calls under way fail. */
  async close(): Promise<void> {
    await this.dispatcher.destroy();
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
    if (request.signal?.aborted) throw this.abandoned(request.signal, false);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.timeoutMs);
    const signal = request.signal ? AbortSignal.any([limit.signal, request.signal]) : limit.signal;
    try {
      const url = rebase(request.url, this.options.baseUrl);
      this.checkHost(url);
      const response = await fetch(url, {
        method: request.method,
        headers: Object.fromEntries(headersOf(request)),
        body: bodyOf(request),
        redirect: 'manual',
        signal,
        dispatcher: this.dispatcher,
      });
      await this.checkStatus(response, request);
      const text = await this.readText(response, request);
      return { status: response.status, headers: new Headers([...response.headers]), text, json: parseJson(text) };
    } catch (error) {
      throw this.toProviderError(error, limit.signal, request);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Where the host is an IP address; names are checked as they are resolved. */
  private checkHost(url: URL): void {
    if (!this.options.publicOnly) return;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) && !isPublicAddress(host)) throw this.privateAddress();
  }

  private privateAddress(): ProviderError {
    return new ProviderError('permanent', `${this.vendor}: its URL points to a private address`);
  }

  private async checkStatus(response: Response, request: VendorRequest): Promise<void> {
    const { status } = response;
    if (status < 500 && status !== 429 && !(status >= 300 && status < 400)) return;
    await response.body?.cancel();
    const message = `${this.vendor} answered HTTP ${status}`;
    const retryAfter = retryAfterMs(response.headers.get('retry-after'), this.clock.now());
    const options = { httpStatus: status, retryAfterMs: retryAfter };
    if (status === 429) throw new ProviderError('rate_limited', message, options);
    const isOutcomeUnknown = mayChange(request);
    if (status >= 500) throw new ProviderError('transient', message, { ...options, isOutcomeUnknown });
    throw new ProviderError('permanent', `${message}, a redirect, which is not followed`, { httpStatus: status });
  }

  private async readText(response: Response, request: VendorRequest): Promise<string> {
    const maxBytes = this.options.maxBytes ?? MAX_BYTES;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        const isOutcomeUnknown = mayChange(request);
        throw new ProviderError('transient', `${this.vendor} answered more than ${maxBytes} bytes`, {
          isOutcomeUnknown,
        });
      }
      chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  }

  private abandoned(signal: AbortSignal, isOutcomeUnknown: boolean): ProviderError {
    const timedOut = memberOf(signal.reason, 'name') === 'TimeoutError';
    const message = `${this.vendor} was not waited for any longer`;
    return new ProviderError('transient', message, { timedOut, isOutcomeUnknown, wasAbandoned: true });
  }

  private toProviderError(error: unknown, limit: AbortSignal, request: VendorRequest): ProviderError {
    if (error instanceof ProviderError) return error;
    const code = systemCode(error);
    const isOutcomeUnknown = mayChange(request) && !(code !== undefined && NOT_SENT.has(code));
    if (limit.aborted) {
      const message = `${this.vendor} did not answer within ${this.timeoutMs / 1000} s`;
      return new ProviderError('transient', message, { timedOut: true, isOutcomeUnknown });
    }
    if (request.signal?.aborted) {
      return this.abandoned(request.signal, isOutcomeUnknown);
    }
    if (code === PRIVATE_ADDRESS) return this.privateAddress();
    // `fetch` gives network faults a cause; without one it has refused the request before sending it.
    if (memberOf(error, 'name') === 'TypeError' && memberOf(error, 'cause') === undefined) {
      return new ProviderError('permanent', `${this.vendor} could not be asked: the request is malformed`);
    }
    const message = `${this.vendor} could not be reached${code ? ` (${code})` : ''}`;
    return new ProviderError('transient', message, { isOutcomeUnknown });
  }
}

/** A request whose repetition would not be harmless. */
function mayChange({ method, retry }: VendorRequest): boolean {
  return method !== 'GET' || retry === 'never';
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
  if (request.xml !== undefined) defaults['content-type'] = 'application/xml';
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  return headers;
}

function bodyOf({ form, json, xml }: VendorRequest): string | URLSearchParams | undefined {
  if (form) {
    const pairs = Object.entries(form).flatMap(([name, value]) =>
      (typeof value === 'string' ? [value] : value).map((one): [string, string] => [name, one]),
    );
    return new URLSearchParams(pairs);
  }
  return xml ?? (json === undefined ? undefined : JSON.stringify(json));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
