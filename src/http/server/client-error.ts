import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../common/clock';
import { AppError } from '../../common/errors/app-error';
import { errorBody } from '../envelope/envelope';

/** Source: https://nodejs.org/docs/latest-v20.x/api/http.html#event-clienterror */
const ANSWERS: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'Request headers are too large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, message: 'Chunk extensions are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'Request was not received in time' },
};

/** How long the peer may take to read the answer and close, in milliseconds. */
const LINGER_MS = 2_000;

/** The socket of a request that is being answered, as Node keeps it. */
type BusySocket = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };

/** Answers what Node's parser refuses, which never becomes a request, and closes the connection. */
export function answerClientErrors(clock: Clock): (error: Error & { code?: string }, socket: Socket) => void {
  const answered = new WeakSet<Socket>();
  return (error, socket) => {
    if (answered.has(socket)) return;
    answered.add(socket);
    const hasAnswerBegun = (socket as BusySocket)._httpMessage?.headersSent ?? false;
    if (!socket.writable || hasAnswerBegun || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    socket.end(rawAnswer(error.code, clock));
    // Closing with unread input would reset the connection and could take the answer with it.
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.resume();
  };
}

function rawAnswer(code: string | undefined, clock: Clock): string {
  const requestId = randomUUID();
  const error = new AppError('MALFORMED_REQUEST', ANSWERS[code ?? '']);
  const body = JSON.stringify(errorBody(error, requestId, clock.now()));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `X-Request-Id: ${requestId}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
