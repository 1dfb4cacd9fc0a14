import { isIP } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { isPublicAddress } from '../../providers/support/public-address';
import { publicLookup } from '../../providers/support/public-lookup';

/** How long the agent may take to take the call, in milliseconds. */
const HANDSHAKE_MS = 5_000;
/** The largest frame in either direction, in bytes: a second of audio is some 200 KiB at most. */
const MAX_FRAME_BYTES = 1024 * 1024;
/** What may wait to be sent to one side, in bytes, before the other side is not read any more; and when it is again. */
const HIGH_WATER_BYTES = 256 * 1024;
const LOW_WATER_BYTES = 64 * 1024;
/** Both sides are asked so often whether they are there, in milliseconds; who has not answered by the next time is not. */
const PING_MS = 20_000;
/** The longest call, in milliseconds. */
const LONGEST_CALL_MS = 4 * 3_600_000;

/** Close codes: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 and https://www.iana.org/assignments/websocket */
const NORMAL = 1000;
const GOING_AWAY = 1001;
/** Seen where a connection broke off. */
const ABNORMAL = 1006;
const INTERNAL_ERROR = 1011;
const BAD_GATEWAY = 1014;
/** Codes that say how a connection ended and may not be sent. */
const NOT_SENDABLE = new Set([1004, 1005, 1006, 1015]);

/** What both sides are told when it is we who end the call. */
const CLOSURES = {
  too_long: { code: NORMAL, reason: 'the call has lasted too long' },
  hung_up: { code: NORMAL, reason: 'hung up' },
  shutdown: { code: GOING_AWAY, reason: '' },
} as const;

export interface MediaBridgeOptions {
  /** Where the agent takes the call, `ws:` or `wss:`. */
  readonly url: string;
  /** Whether the agent may be at a private address. */
  readonly allowPrivate: boolean;
  /** Called once, when the agent has taken the call. */
  readonly onAnswered?: () => void;
}

/**
 * How a bridged call came to its end: who closed first, or that the agent never took it. `connection_lost` is a side that went
 * without a word.
 */
export type BridgeEnd =
  'caller_hung_up' | 'agent_hung_up' | 'connection_lost' | 'agent_unreachable' | 'hung_up' | 'too_long' | 'shutdown';

/**
 * Connects a vendor's WebSocket with the agent's: every frame goes to the other side unchanged and in order, text as text and
 * binary as binary. A side that does not keep up has the other one not read, so that nothing piles up here; when one side
 * closes, so does the other, for the same reason.
 */
export class MediaBridge {
  /** Settles when both sides are closed. */
  readonly ended: Promise<BridgeEnd>;
  private firstEnd: BridgeEnd | null = null;
  private isAnswered = false;
  private readonly agent: WebSocket;
  private readonly alive = new Set<WebSocket>();
  private readonly timers: NodeJS.Timeout[];

  constructor(
    private readonly vendor: WebSocket,
    options: MediaBridgeOptions,
  ) {
    // Nothing is read before there is somebody to hand it to.
    vendor.pause();
    this.agent = connect(options);
    this.timers = [setInterval(() => this.ping(), PING_MS), setTimeout(() => this.close('too_long'), LONGEST_CALL_MS)];
    this.join(vendor, this.agent);
    this.join(this.agent, vendor);
    this.agent.once('open', () => {
      this.isAnswered = true;
      options.onAnswered?.();
      vendor.resume();
    });
    this.ended = this.settled();
  }

  /** Ends the call on both sides. */
  close(why: keyof typeof CLOSURES): void {
    this.firstEnd ??= why;
    const { code, reason } = CLOSURES[why];
    end(this.vendor, code, reason);
    end(this.agent, code, reason);
  }

  private join(from: WebSocket, to: WebSocket): void {
    this.alive.add(from);
    from.on('pong', () => this.alive.add(from));
    from.on('message', (data, isBinary) => forward(data, isBinary, from, to));
    from.on('error', () => from.terminate());
    from.on('close', (code, reason) => {
      this.firstEnd ??= this.endBy(from, code);
      this.passOn(to, code, reason.toString('utf8'));
    });
  }

  /** A side that broke off without a word is an error to the other; the agent that was never there, a bad gateway. */
  private passOn(to: WebSocket, code: number, reason: string): void {
    const isAgent = to === this.vendor;
    if (!NOT_SENDABLE.has(code)) return end(to, code, reason);
    if (code === 1005) return end(to, NORMAL, '');
    end(to, isAgent ? BAD_GATEWAY : INTERNAL_ERROR, isAgent ? 'the agent is not there' : '');
  }

  private endBy(side: WebSocket, code: number): BridgeEnd {
    if (side === this.vendor) return code === ABNORMAL ? 'connection_lost' : 'caller_hung_up';
    if (!this.isAnswered) return 'agent_unreachable';
    return code === ABNORMAL ? 'connection_lost' : 'agent_hung_up';
  }

  private ping(): void {
    for (const socket of [this.vendor, this.agent]) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      if (!this.alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }

  private async settled(): Promise<BridgeEnd> {
    await Promise.all([this.vendor, this.agent].map(closed));
    for (const timer of this.timers) clearTimeout(timer);
    return this.firstEnd ?? 'connection_lost';
  }
}

function connect({ url, allowPrivate }: MediaBridgeOptions): WebSocket {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  const isRefused = !allowPrivate && isIP(host) !== 0 && !isPublicAddress(host);
  const socket = new WebSocket(url, {
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    ...(allowPrivate ? {} : { lookup: publicLookup }),
  });
  // Not at once: whoever asked has not listened yet.
  if (isRefused) setImmediate(() => socket.terminate());
  return socket;
}

function forward(data: RawData, isBinary: boolean, from: WebSocket, to: WebSocket): void {
  if (to.readyState !== WebSocket.OPEN) return;
  to.send(data, { binary: isBinary }, () => {
    if (from.isPaused && to.bufferedAmount <= LOW_WATER_BYTES) from.resume();
  });
  if (to.bufferedAmount > HIGH_WATER_BYTES) from.pause();
}

/** A side that is still being connected has nobody to say anything to. */
function end(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
  if (socket.readyState !== WebSocket.OPEN) return;
  // A paused side would never read that the other has agreed to close.
  socket.resume();
  socket.close(code, shortened(reason));
}

/** At most 123 bytes: https://www.rfc-editor.org/rfc/rfc6455#section-5.5 */
function shortened(reason: string): string {
  return Buffer.byteLength(reason) <= 123 ? reason : '';
}

function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
