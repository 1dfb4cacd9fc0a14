import { randomBytes, randomUUID } from 'node:crypto';
import { BadInput, e164Of, integerOf, recordOf, textOf } from '../core/input';
import { SanCallIds, SanCallReport, SanLine } from './san.line';

export interface SanCall {
  /** `ws:` or `wss:`; what support has entered for the number. */
  url: string;
  /** The caller, as the PBX passes it on. */
  from: string;
  /** The number that was called, E.164. */
  to: string;
  /** After this many milliseconds the caller hangs up; 3000 unless given. */
  timeout_ms?: number;
}

const DEFAULT_TIMEOUT_MS = 3000;

/**
 * @param bound where support has bound a number to; asked when the input names no URL
 * @throws BadInput
 */
export function parseSanCall(input: unknown, bound: (to: string) => string | null = () => null): SanCall {
  const call = recordOf(input, 'call', ['url', 'from', 'to', 'timeout_ms']);
  const to = e164Of(call.to, 'to');
  const url = call.url ?? bound(to);
  if (url === null) throw new BadInput(`support has bound ${to} to nothing: name a url`);
  return {
    url: webSocketUrlOf(url, 'url'),
    from: textOf(call.from, 'from'),
    to,
    timeout_ms: call.timeout_ms === undefined ? undefined : integerOf(call.timeout_ms, 1, 60_000, 'timeout_ms'),
  };
}

/** @throws BadInput */
export function webSocketUrlOf(value: unknown, where: string): string {
  const url = textOf(value, where);
  if (!isWebSocketUrl(url)) throw new BadInput(`${where} must be a ws: or wss: URL`);
  return url;
}

export function isWebSocketUrl(value: unknown): value is string {
  return typeof value === 'string' && /^wss?:\/\//i.test(value) && URL.canParse(value);
}

/** A call comes in: the PBX opens its WebSocket, and the caller hangs up at the time limit. Resolves in any case. */
export function placeSanCall(call: SanCall, ids: SanCallIds = newCallIds()): Promise<SanCallReport> {
  const timeoutMs = call.timeout_ms ?? DEFAULT_TIMEOUT_MS;
  const line = new SanLine({ ...call, ids, isAnswered: false, handshakeTimeoutMs: timeoutMs });
  const timer = setTimeout(() => line.hangUp(), timeoutMs);
  return line.report.finally(() => clearTimeout(timer));
}

/** As Asterisk forms them: seconds and a counter. */
export function newCallIds(): SanCallIds {
  return {
    streamId: randomUUID(),
    callId: `${Math.floor(Date.now() / 1000)}.${randomBytes(4).readUInt32BE()}`,
    channelId: `SIP/1005-${randomBytes(4).toString('hex')}`,
  };
}
