import { PassThrough } from 'node:stream';
import type { Socket } from 'node:net';
import { answerClientErrors } from './client-error';

const clock = { now: () => 1_764_000_000_000 };
const fault = (code?: string) => Object.assign(new Error('of the parser'), { code });

/** What the peer of a socket reads. */
class FakeSocket extends PassThrough {
  _httpMessage?: { headersSent: boolean };
  readonly timeouts: number[] = [];
  onTimeout?: () => void;

  setTimeout(ms: number, onTimeout: () => void): this {
    this.timeouts.push(ms);
    this.onTimeout = onTimeout;
    return this;
  }

  override resume(): this {
    return this;
  }
}

function answer(socket: FakeSocket, code?: string): string {
  answerClientErrors(clock)(fault(code), socket as unknown as Socket);
  return String((socket.read() as Buffer | null) ?? '');
}

describe('answerClientErrors', () => {
  it.each([
    [undefined, '400 Bad Request', 'Request could not be read'],
    ['HPE_INVALID_METHOD', '400 Bad Request', 'Request could not be read'],
    ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large', 'Request headers are too large'],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large', 'Chunk extensions are too large'],
    ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout', 'Request was not received in time'],
  ])('answers %s with %s', (code, line, message) => {
    const text = answer(new FakeSocket(), code);
    const [head, body] = text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${line}\r\n`));
    expect(head).toContain('Connection: close');
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body ?? '')}`);
    expect(JSON.parse(body ?? '')).toEqual({
      error: true,
      code: Number(line.slice(0, 3)),
      message,
      timestamp: 1_764_000_000_000,
      data: { reason: 'MALFORMED_REQUEST', request_id: expect.any(String) as string, details: [] },
    });
  });

  it('closes silently when the peer is gone', () => {
    const socket = new FakeSocket();
    expect(answer(socket, 'ECONNRESET')).toBe('');
    expect(socket.destroyed).toBe(true);
  });

  it('does not write into an answer that has begun', () => {
    const socket = new FakeSocket();
    socket._httpMessage = { headersSent: true };
    expect(answer(socket)).toBe('');
    expect(socket.destroyed).toBe(true);
  });

  it('answers before one that has not', () => {
    const socket = new FakeSocket();
    socket._httpMessage = { headersSent: false };
    expect(answer(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('answers a connection once, however many faults follow', () => {
    const socket = new FakeSocket();
    const listener = answerClientErrors(clock);
    listener(fault(), socket as unknown as Socket);
    const end = jest.spyOn(socket, 'end');
    listener(fault(), socket as unknown as Socket);
    expect(end).not.toHaveBeenCalled();
    expect(socket.destroyed).toBe(false);
  });

  it('gives the peer a while to read, and then closes', () => {
    const socket = new FakeSocket();
    answer(socket);
    expect(socket.timeouts).toEqual([2_000]);
    socket.onTimeout?.();
    expect(socket.destroyed).toBe(true);
  });
});
