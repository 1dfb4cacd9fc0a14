// Sends requests that are ready as bytes over connections kept alive, so that the load costs as little as it can beside what
// it measures.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Servers close connections that nothing has come over for some seconds; a request must not run into that. */
const OLDEST_IDLE_MS = 2_000;
const HEAD_END = Buffer.from('\r\n\r\n');

/** @returns the bytes of a POST to `url`, whose host is what `Host` says, wherever it is sent */
export function postBytes(url, headers, body) {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`POST ${pathname}${search} HTTP/1.1\r\n${head}\r\n${body}`);
}

/** One connection, one request at a time. */
class Connection {
  received = Buffer.alloc(0);
  pending = null;
  idleSince = 0;
  isOpen = true;

  constructor({ hostname, port }) {
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('The connection was closed')));
  }

  send(bytes) {
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  take(chunk) {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.received.latin1Slice(0, end);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const bodyAt = end + HEAD_END.length;
    if (this.received.length < bodyAt + length) return;
    const body = this.received.utf8Slice(bodyAt, bodyAt + length);
    this.received = Buffer.alloc(0);
    if (/^connection: *close/im.test(head)) this.close();
    const { resolve } = this.pending;
    this.pending = null;
    resolve({ status: Number(head.slice(9, 12)), body });
  }

  fail(error) {
    this.isOpen = false;
    this.pending?.reject(error);
    this.pending = null;
  }

  close() {
    this.isOpen = false;
    this.socket.destroy();
  }
}

/** As many connections to one server as requests are under way. */
export class Connections {
  idle = [];

  constructor(url) {
    this.server = new URL(url);
  }

  /** @returns status and body; rejects where there is no answer */
  async send(bytes) {
    const connection = this.take();
    const answer = await connection.send(bytes);
    connection.idleSince = performance.now();
    if (connection.isOpen) this.idle.push(connection);
    return answer;
  }

  close() {
    for (const connection of this.idle.splice(0)) connection.close();
  }

  take() {
    for (;;) {
      const connection = this.idle.pop() ?? new Connection(this.server);
      const isFresh = connection.idleSince === 0 || performance.now() - connection.idleSince < OLDEST_IDLE_MS;
      if (connection.isOpen && isFresh) return connection;
      connection.close();
    }
  }
}

/** `clients` of whom each sends the next request when the one before is answered. @returns latencies in milliseconds */
export async function saturate({ url, clients, seconds, next, check }) {
  const connections = new Connections(url);
  const latencies = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const client = async () => {
    for (let sentAt = performance.now(); sentAt < until; sentAt = performance.now()) {
      check(await connections.send(next()));
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  connections.close();
  return { rate: latencies.length / ((performance.now() - startedAt) / 1_000), count: latencies.length, latencies };
}

/**
 * Sends `rate` requests a second whatever becomes of the ones before: a server that stalls is sent them all the same, and each
 * counts from its own sending.
 */
export async function offer({ url, rate, seconds, next, check }) {
  const connections = new Connections(url);
  const latencies = [];
  await atRate(rate, seconds, async () => {
    const sentAt = performance.now();
    check(await connections.send(next()));
    latencies.push(performance.now() - sentAt);
  });
  connections.close();
  return { count: latencies.length, latencies };
}

/** Starts `work` so often a second, in the small bursts of a timer that ticks every millisecond. @returns what all of it gave */
export async function atRate(rate, seconds, work) {
  const started = [];
  const startedAt = performance.now();
  const elapsed = () => Math.min((performance.now() - startedAt) / 1_000, seconds);
  while (started.length < Math.floor(rate * seconds)) {
    const due = Math.floor(rate * elapsed());
    while (started.length < due) started.push(work(started.length));
    await delay(1);
  }
  return Promise.all(started);
}

/** @param share 0.99 for p99 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
