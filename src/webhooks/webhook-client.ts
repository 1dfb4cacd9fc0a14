import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { Agent, type Dispatcher, request as send } from 'undici';
import { CLOCK, type Clock } from '../common/clock';
import { parseUrl } from '../common/parse-url';
import { CONFIG, type Config } from '../config/config';
import { basicAuth } from '../providers/support/basic-auth';
import { isPublicAddress } from '../providers/support/public-address';
import { PRIVATE_ADDRESS, publicLookup } from '../providers/support/public-lookup';
import { retryAfterMs } from '../providers/support/retry-after';
import { readBodyStart } from './body-start';
import { sharedLookup } from './shared-lookup';
import type { WebhookFault, WebhookReply, WebhookRequest } from './webhook-reply';
import { signatureHeaders } from './webhook-signature';

const CONNECT_TIMEOUT_MS = 5_000;
const FAULT_BY_CODE: Readonly<Record<string, WebhookFault>> = {
  [PRIVATE_ADDRESS]: 'private_address',
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
  ENOTFOUND: 'host_not_found',
  EAI_AGAIN: 'host_not_found',
  UND_ERR_SOCKET: 'connection_reset',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
};
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;

/**
 * Sends signed webhooks to customers' servers. It follows no redirect, so the address that is checked is the one that is
 * connected to; unless the configuration allows private addresses, hosts that have one are refused after they are resolved.
 * Nothing that it returns holds the URL.
 */
@Injectable()
export class WebhookClient {
  private readonly dispatcher: Agent;
  private isClosed = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'allowPrivateUrls'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const resolve = sharedLookup(config.allowPrivateUrls ? lookup : publicLookup);
    // Connections to one host are not limited: agents share hosts, and a slow one must not keep others waiting.
    this.dispatcher = new Agent({
      connect: { timeout: CONNECT_TIMEOUT_MS, lookup: resolve },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Never throws and never repeats; a status other than 2xx is an answer like any other. */
  async post(url: string, request: WebhookRequest): Promise<WebhookReply> {
    const startedAt = performance.now();
    const failed = (error: WebhookFault): WebhookReply => ({
      kind: 'failed',
      error,
      latencyMs: Math.round(performance.now() - startedAt),
    });
    if (this.isClosed) return failed('aborted');
    if (request.secrets.length === 0) return failed('no_secret');
    const target = this.targetOf(url);
    if (typeof target === 'string') return failed(target);

    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), request.timeoutMs);
    try {
      const answer = await send(target, this.optionsOf(target, request, limit.signal));
      const leftMs = Math.max(0, request.timeoutMs - (performance.now() - startedAt));
      return await this.replyTo(answer, request.maxBytes, Math.min(request.bodyMs ?? leftMs, leftMs), startedAt);
    } catch (error) {
      return failed(limit.signal.aborted ? 'timeout' : this.faultOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends what is under way as `aborted`. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.dispatcher.destroy();
  }

  private targetOf(url: string): URL | WebhookFault {
    const target = parseUrl(url);
    if (!target || !/^https?:$/.test(target.protocol)) return 'invalid_url';
    if (this.config.allowPrivateUrls) return target;
    if (target.protocol !== 'https:') return 'https_required';
    // Names are checked as they are resolved.
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
    return isIP(host) && !isPublicAddress(host) ? 'private_address' : target;
  }

  private optionsOf(target: URL, { id, body, secrets }: WebhookRequest, signal: AbortSignal) {
    const timestampS = Math.floor(this.clock.now() / 1_000);
    return {
      dispatcher: this.dispatcher,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'patchbay',
        ...authorizationOf(target),
        ...signatureHeaders({ id, timestampS, body }, secrets),
      },
      body,
      signal,
    } as const;
  }

  private async replyTo(
    { statusCode, headers, body }: Dispatcher.ResponseData,
    maxBytes: number,
    bodyMs: number,
    startedAt: number,
  ): Promise<WebhookReply> {
    const { text, isWhole } = await readBodyStart(body, maxBytes, bodyMs);
    const retryAfter = headers['retry-after'];
    return {
      kind: 'answered',
      statusCode,
      latencyMs: Math.round(performance.now() - startedAt),
      response: text,
      isWhole,
      retryAfterMs: retryAfterMs(typeof retryAfter === 'string' ? retryAfter : null, this.clock.now()),
    };
  }

  private faultOf(error: unknown): WebhookFault {
    if (this.isClosed) return 'aborted';
    const code = (error as { readonly code?: unknown } | null)?.code;
    if (typeof code !== 'string') return 'connection_failed';
    return FAULT_BY_CODE[code] ?? (TLS_CODE.test(code) ? 'tls_failed' : 'connection_failed');
  }
}

/** A name and a password in the URL are for the server, as they are in a browser. */
function authorizationOf({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  return { authorization: basicAuth(decodeURIComponent(username), decodeURIComponent(password)) };
}
