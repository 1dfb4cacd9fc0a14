import { randomBytes } from 'node:crypto';
import { VendorReply } from '../core/vendor';

const LABELS: Readonly<Record<number, string>> = {
  200: 'success',
  401: 'authentication failed',
  404: 'not found',
  420: 'method failed',
  429: 'too many requests',
};

/**
 * An answer of rest.nexmo.com, where success has an error code too.
 * https://github.com/Nexmo/api-specification/blob/main/definitions/numbers.yml
 */
export function restReply(status: number): VendorReply {
  const label = LABELS[status] ?? (status >= 500 ? 'internal error' : 'method failed');
  return { status, body: { 'error-code': String(status), 'error-code-label': label } };
}

export interface InvalidParameter {
  readonly name: string;
  readonly reason: string;
}

const PROBLEMS: Readonly<Record<number, readonly [anchor: string, title: string, detail: string]>> = {
  401: ['unauthorized', 'Invalid credentials supplied', 'You did not provide correct credentials.'],
  404: ['not-found', 'Not Found', 'The requested resource does not exist, or you do not have access'],
  405: ['wrong-verb', 'Request method not allowed', 'Request method not supported'],
  415: [
    'content-type-header',
    'Unsupported Content-Type header',
    "Unsupported Content-Type header provided. Must be one of the following: 'application/json'",
  ],
  429: ['rate-limit', 'Rate Limit Hit', 'Please wait, then retry your request'],
};

/**
 * A problem of the Application API, as of RFC 7807.
 * https://github.com/Nexmo/api-specification/blob/main/definitions/common/common_errors.yml
 */
export function problem(status: number, detail?: string): VendorReply {
  const [anchor, title, text] = PROBLEMS[status] ?? ['error', 'Error', 'The request could not be carried out'];
  return problemBody(status, {
    type: `https://developer.nexmo.com/api-errors#${anchor}`,
    title,
    detail: detail ?? text,
  });
}

export function validationProblem(kind: 'payload' | 'list', parameters: readonly InvalidParameter[]): VendorReply {
  return problemBody(400, {
    type: `https://developer.nexmo.com/api-errors/application#${kind}-validation`,
    title: 'Bad Request',
    detail: 'The request failed due to validation errors',
    invalid_parameters: parameters,
  });
}

export function malformedJson(): VendorReply {
  return problemBody(400, {
    type: 'https://developer.nexmo.com/api-errors#invalid-json',
    title: 'Malformed JSON',
    detail: 'Malformed JSON payload.',
  });
}

function problemBody(status: number, members: Readonly<Record<string, unknown>>): VendorReply {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: { ...members, instance: randomBytes(16).toString('hex') },
  };
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  429: 'Too Many Requests',
};

/**
 * An error of the Voice API, which is older than the problems: as in
 * https://github.com/Vonage/vonage-ruby-sdk/issues/116; for the invalid parameters,
 * https://github.com/Vonage/vonage-java-sdk/issues/63.
 */
export function voiceError(status: number, parameters?: readonly InvalidParameter[]): VendorReply {
  const title = TITLES[status] ?? (status >= 500 ? 'Internal Server Error' : 'Error');
  const type = parameters ? 'VALIDATION' : title.toUpperCase().replaceAll(' ', '_');
  return { status, body: { type, error_title: title, invalid_parameters: parameters } };
}
