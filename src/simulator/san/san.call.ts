import { randomBytes, randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { e164Of, integerOf, recordOf, textOf, BadInput } from '../core/input';

export interface SanCall {
  /** `ws:` or `wss:`; what support would have entered for the number. */
  url: string;
  /** The caller, as the PBX passes it on. */
  from: string;
  /** The number that was called, E.164. */
  to: string;
  /** After this many milliseconds the caller hangs up; 3000 unless given. */
  timeout_ms?: number;
}

/** How the far end took the call. Members are written to JSON, hence their spelling. */
export interface SanCallReport {
  connected: boolean;
  /** Status of the upgrade: 101 when connected; absent when there was no HTTP answer at all. */
  http_status?: number;
  /** Absent when the far end was still connected at the time limit. */
  close_code?: number;
  close_reason?: string;
  frames_received: number;
  error?: string;
}

const DEFAULT_TIMEOUT_MS = 3000;
const CLOSE_GRACE_MS = 1000;

/** @throws BadInput */
export function parseSanCall(input: unknown): SanCall {
  const call = recordOf(input, 'call', ['url', 'from', 'to', 'timeout_ms']);
  const url = textOf(call.url, 'url');
  if (!/^wss?:\/\//i.test(url) || !URL.canParse(url)) throw new BadInput('url must be a ws: or wss: URL');
  return {
    url,
    from: textOf(call.from, 'from'),
    to: e164Of(call.to, 'to'),
    timeout_ms: call.timeout_ms === undefined ? undefined : integerOf(call.timeout_ms, 1, 60_000, 'timeout_ms'),
  };
}

/**
 * Makes the PBX open its WebSocket for a call. The first two frames are as third parties have seen them; San publishes
 * nothing. That `start` carries `from` and `to` is a choice, as is the form of the ids.
 */
export function placeSanCall(call: SanCall): Promise<SanCallReport> {
  return new Promise((resolve) => {
    const report: SanCallReport = { connected: false, frames_received: 0 };
    const timeoutMs = call.timeout_ms ?? DEFAULT_TIMEOUT_MS;
    const socket = new WebSocket(call.url, { handshakeTimeout: timeoutMs });
    const timer = setTimeout(() => finish(report.connected ? {} : { error: 'no answer in time' }), timeoutMs);
    let finished = false;
    const finish = (outcome: Partial<SanCallReport>) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      resolve({ ...report, ...outcome });
      if (socket.readyState !== WebSocket.OPEN) return socket.terminate();
      socket.close(1000);
      setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
    };

    socket.on('upgrade', (response: IncomingMessage) => (report.http_status = response.statusCode));
    socket.on('unexpected-response', (_request, response: IncomingMessage) =>
      finish({ http_status: response.statusCode }),
    );
    socket.on('open', () => {
      report.connected = true;
      for (const frame of openingFrames(call)) socket.send(JSON.stringify(frame));
    });
    socket.on('message', () => (report.frames_received += 1));
    socket.on('close', (code, reason) => finish({ close_code: code, close_reason: reason.toString('utf8') }));
    socket.on('error', (error) => {
      if (!report.connected) finish({ error: error.message });
    });
  });
}

function openingFrames(call: SanCall): unknown[] {
  const ids = {
    streamId: randomUUID(),
    callId: `${Math.floor(Date.now() / 1000)}.${randomBytes(2).readUInt16BE()}`,
    channelId: `SIP/1005-${randomBytes(4).toString('hex')}`,
  };
  const mediaFormat = { encoding: 'LINEAR16', sampleRate: 8000, channels: 1 };
  return [{ event: 'connected' }, { event: 'start', ...ids, mediaFormat, from: call.from, to: call.to }];
}
