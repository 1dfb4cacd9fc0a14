import { randomUUID } from 'node:crypto';
import { VendorReply } from '../core/vendor';

const ERRORS: Readonly<Record<number, string>> = {
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  429: 'too many requests',
  500: 'internal server error',
  503: 'service unavailable',
};

/** Every answer with a body has an `api_id` of its own: https://www.plivo.com/docs/voice/api/response */
export function reply(status: number, body: Readonly<Record<string, unknown>>): VendorReply {
  return { status, body: { api_id: randomUUID(), ...body } };
}

/** What is deleted answers with nothing. */
export function deleted(): VendorReply {
  return { status: 204, body: undefined };
}

/** `error` is a text, or for some faults an object by parameter: the documentation has both. */
export function refusal(status: number, error: string | Readonly<Record<string, string>>): VendorReply {
  return reply(status, { error });
}

/** Authentication is refused in plain text, in front of the API; everything else is JSON. */
export function failureOf(status: number): VendorReply {
  if (status !== 401) return refusal(status, ERRORS[status] ?? 'request refused');
  return {
    status,
    headers: { 'WWW-Authenticate': 'Basic realm="Login Required"', 'Content-Type': 'text/html; charset=utf-8' },
    body: 'Could not verify your access level for that URL.\nYou have to login with proper credentials',
  };
}

export function notFound(): VendorReply {
  return failureOf(404);
}
