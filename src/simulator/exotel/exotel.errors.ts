import { VendorReply, VendorRequest } from '../core/vendor';
import { writeXml } from '../core/xml';

/** "Error payload shape varies": the members of `ErrorResponse` in Exotel's OpenAPI document, `Code` where one was seen. */
export interface ExotelError {
  status: number;
  message: string;
  code?: number;
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Invalid Request',
  401: 'Authentication failed',
  403: 'Forbidden',
  404: 'Resource Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Seen with "From number … is invalid"; no list of codes is published. */
const INVALID_PARAMETER = 34001;

export function errorOfStatus(status: number): ExotelError {
  return { status, message: MESSAGES[status] ?? 'Request refused' };
}

export function invalid(message: string): ExotelError {
  return { status: 400, message, code: INVALID_PARAMETER };
}

export function errorReply(error: ExotelError, request: VendorRequest): VendorReply {
  const { status, message, code } = error;
  const exception = { Status: status, Message: message, ...(code === undefined ? {} : { Code: code }) };
  const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Basic realm="Exotel API"' } : {};
  return reply(status, 'RestException', exception, request, headers);
}

/** v1 answers XML unless the path ends in `.json`; v2_beta answers JSON only. */
export function reply(
  status: number,
  name: string,
  members: Readonly<Record<string, unknown>>,
  request: VendorRequest,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  if (!request.path.startsWith('/v1/') || request.path.endsWith('.json')) {
    return { status, headers, body: { [name]: members } };
  }
  const elements = Object.entries(members).map(([member, value]) => {
    const isText = typeof value === 'string' || typeof value === 'number';
    return writeXml(member, isText ? value : undefined);
  });
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>${writeXml('TwilioResponse', [writeXml(name, elements)])}`,
  };
}
