import { randomUUID } from 'node:crypto';
import { VendorReply } from '../core/vendor';
import { statusError } from './bandwidth.xml';

/** Bandwidth's APIs, each with refusals of its own form. */
export type Surface = 'token' | 'voice' | 'platform' | 'numbers';

export function surfaceOf(path: string): Surface {
  if (path.endsWith('/oauth2/token')) return 'token';
  if (path.startsWith('/v2/') || /\/serviceActivation(\/|$)/.test(path)) return 'platform';
  return /^\/api\/v2\/accounts\/[^/]+\/(calls|statistics)(\/|$)/.test(path) ? 'voice' : 'numbers';
}

/** https://dev.bandwidth.com/docs/voice/errors */
const VOICE_ERRORS: Readonly<Record<number, readonly [type: string, description: string]>> = {
  401: ['authentication-error', 'The credentials provided were invalid'],
  403: ['authorization-error', 'Access is denied'],
  404: ['validation', 'Not Found'],
  405: ['validation', 'Method Not Allowed'],
  415: ['validation', 'Unsupported Media Type'],
  429: ['error', 'Account call creation rate limit exceeded'],
  500: ['server-error', 'Internal Server Error'],
  503: ['server-error', 'Service Unavailable'],
};

export function voiceError(status: number, description?: string): VendorReply {
  const [type, general] = VOICE_ERRORS[status] ?? ['validation', 'There is something wrong with the request'];
  const id = status === 429 || status >= 500 ? randomUUID() : null;
  return { status, body: { type, description: description ?? general, id } };
}

/** In the form of the error responses of the Universal Platform in bandwidth.yml (`brtcErrorResponse`). */
export function platformError(status: number, type: string, description: string): VendorReply {
  const error = { id: randomUUID(), type, description, code: String(status) };
  return { status, body: { links: [], data: null, errors: [error] } };
}

export function failureReply(surface: Surface, status: number): VendorReply {
  switch (surface) {
    case 'voice':
      return voiceError(status);
    case 'token':
      return { status, body: { error: status === 401 ? 'invalid_client' : 'server_error' } };
    case 'platform':
      return platformError(status, PLATFORM_TYPES[status] ?? 'error', 'The request was refused');
    case 'numbers':
      // The body of a refused right is empty: https://github.com/Bandwidth/cli, cmd/number/list.go, wrapTNsError.
      if (status === 401 || status === 403 || status === 404) return { status, body: undefined };
      return statusError('ErrorResponse', status, null, status === 429 ? 'Too many requests' : 'Internal server error');
  }
}

const PLATFORM_TYPES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'resource.not_found',
  429: 'too_many_requests',
};
