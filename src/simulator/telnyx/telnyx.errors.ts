import { VendorReply } from '../core/vendor';

/** https://developers.telnyx.com/development/api-fundamentals/api-errors; codes are texts on the wire. */
const ERRORS = {
  10001: { status: 422, title: 'Inactive phone number', detail: 'The phone number is inactive.' },
  10002: { status: 422, title: 'Invalid phone number', detail: 'The phone number is invalid.' },
  10003: {
    status: 422,
    title: 'Invalid URL',
    detail: 'The URL provided was invalid, malformed, or too long. URLs can be a maximum of 2000 characters.',
  },
  10004: { status: 422, title: 'Missing required parameter', detail: 'A required parameter was missing.' },
  10005: {
    status: 404,
    title: 'Resource not found',
    detail: 'The requested resource or URL could not be found.',
  },
  10007: { status: 500, title: 'Unexpected error', detail: 'An unexpected error occured.' },
  10009: {
    status: 401,
    title: 'Authentication failed',
    detail: 'The required authentication headers were either invalid or not included in the request.',
  },
  10010: {
    status: 403,
    title: 'Authorization failed',
    detail: 'You do not have permission to perform the requested action on the specified resource or resources.',
  },
  10011: {
    status: 429,
    title: 'Too many requests',
    detail: 'You have exceeded the maximum number of allowed requests.',
  },
  10014: {
    status: 415,
    title: 'Unsupported Media Type',
    detail: 'The request failed because the server does not support the media type.',
  },
  10015: { status: 422, title: 'Bad Request', detail: 'The request failed because it was not well-formed.' },
  10016: {
    status: 422,
    title: 'Phone number must be in +E.164 format',
    detail: 'The specified phone number parameter must be in +E.164 format.',
  },
  10017: {
    status: 422,
    title: 'Associated resource does not exist',
    detail: 'The requested parameter is invalid as the associated resource does not exist.',
  },
  90015: { status: 422, title: 'Invalid Call Control ID', detail: 'The call_control_id provided was not valid.' },
  90018: { status: 422, title: 'Call has already ended', detail: 'This call is no longer active.' },
} as const;

export type TelnyxErrorCode = keyof typeof ERRORS;

/** Thrown by handlers; whoever lets the request in turns it into the answer. */
export class TelnyxError extends Error {
  constructor(
    readonly code: TelnyxErrorCode,
    /** JSON pointer to the member that is at fault. */
    readonly pointer?: string,
  ) {
    super(ERRORS[code].title);
  }
}

export function errorReply(code: TelnyxErrorCode, options: { status?: number; pointer?: string } = {}): VendorReply {
  const { status, title, detail } = ERRORS[code];
  const error = {
    code: String(code),
    title,
    detail,
    ...(options.pointer === undefined ? {} : { source: { pointer: options.pointer } }),
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
  };
  return { status: options.status ?? status, body: { errors: [error] } };
}

/** The general error of a status. */
export function errorOfStatus(status: number): VendorReply {
  const match = Object.entries(ERRORS).find(([code, error]) => error.status === status && code !== '10001');
  const code = status === 422 || status === 400 ? 10015 : status >= 500 ? 10007 : Number(match?.[0] ?? 10015);
  return errorReply(code as TelnyxErrorCode, { status });
}
