import type { HttpServer } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Clock } from '../../common/clock';
import { successBody } from './envelope';
import { sendJson } from './send-json';

type Adapter = Pick<HttpServer<Request, Response>, 'reply'>;

const messages = new WeakMap<Response, string>();

/** Notes that what the handler returns goes into the envelope, with this message. */
export function answerWith(response: Response, message: string): void {
  messages.set(response, message);
}

/**
 * Puts what handlers return into the envelope as it is sent, where `answerWith` was called for the response. An
 * interceptor could do it too, but Nest's chain of interceptors costs a request more than all the rest of the edge.
 */
export function wrapReplies(adapter: Adapter, clock: Clock): void {
  const reply = adapter.reply.bind(adapter);
  adapter.reply = (response: Response, body: unknown, status?: number): unknown => {
    const message = messages.get(response);
    if (message === undefined) return reply(response, body, status);
    if (status !== undefined) response.statusCode = status;
    return sendJson(response, successBody(response.statusCode, message, body as object, clock.now()));
  };
}
