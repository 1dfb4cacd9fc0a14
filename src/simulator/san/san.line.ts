import { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** How the far end took the call. Members are written to JSON, hence their spelling. */
export interface SanCallReport {
  connected: boolean;
  /** Status of the upgrade: 101 when connected; absent when there was no HTTP answer at all. */
  http_status?: number;
  /** Absent when the far end was still connected when the call ended. */
  close_code?: number;
  close_reason?: string;
  frames_received: number;
  error?: string;
}

/** Names the call in all of its frames. */
export interface SanCallIds {
  readonly streamId: string;
  readonly callId: string;
  readonly channelId: string;
}

export interface SanLineOptions {
  readonly url: string;
  readonly ids: SanCallIds;
  readonly from: string;
  readonly to: string;
  /** The callee has picked up a call that the PBX placed. */
  readonly isAnswered: boolean;
  readonly handshakeTimeoutMs: number;
}

const CLOSE_GRACE_MS = 1000;

/**
 * The WebSocket that the PBX opens for a call. Its frames are as third parties have seen them; San publishes nothing.
 * That `start` carries `from` and `to` is a choice, as is the form of the ids.
 */
export class SanLine {
  /** Settles once the call is over, on whichever side; it never fails. */
  readonly report: Promise<SanCallReport>;
  private readonly socket: WebSocket;
  private readonly state: SanCallReport = { connected: false, frames_received: 0 };
  private settle: (report: SanCallReport) => void = () => undefined;

  constructor(private readonly options: SanLineOptions) {
    this.report = new Promise((resolve) => (this.settle = resolve));
    const socket = new WebSocket(options.url, { handshakeTimeout: options.handshakeTimeoutMs });
    this.socket = socket;
    socket.on('upgrade', (response: IncomingMessage) => {
      this.state.http_status = response.statusCode;
      // A far end that stays for ever is no reason for this process to do so.
      response.socket.unref();
    });
    socket.on('unexpected-response', (_request, response: IncomingMessage) =>
      this.finish({ http_status: response.statusCode }),
    );
    socket.on('open', () => this.open());
    socket.on('message', () => (this.state.frames_received += 1));
    socket.on('close', (code, reason) => this.finish({ close_code: code, close_reason: reason.toString('utf8') }));
    socket.on('error', (error) => {
      if (!this.state.connected) this.finish({ error: error.message });
    });
  }

  /** The far end of the telephone hangs up, or never was there. */
  hangUp(): void {
    if (this.state.connected) this.send({ event: 'stop', ...this.options.ids });
    this.finish(this.state.connected ? {} : { error: 'no answer in time' });
  }

  private open(): void {
    const { ids, from, to, isAnswered } = this.options;
    this.state.connected = true;
    this.send({ event: 'connected' });
    const mediaFormat = { encoding: 'LINEAR16', sampleRate: 8000, channels: 1 };
    this.send({ event: 'start', ...ids, mediaFormat, from, to });
    if (isAnswered) this.send({ event: 'answer', ...ids });
  }

  private send(frame: unknown): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private finish(outcome: Partial<SanCallReport>): void {
    this.settle({ ...this.state, ...outcome });
    if (this.socket.readyState !== WebSocket.OPEN) return this.socket.terminate();
    this.socket.close(1000);
    setTimeout(() => this.socket.terminate(), CLOSE_GRACE_MS).unref();
  }
}
