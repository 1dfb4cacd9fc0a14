import type { HeadersObject } from '@nestjs/swagger';

export const REQUEST_ID_RESPONSE_HEADER: HeadersObject = {
  'X-Request-Id': {
    description: "The caller's `X-Request-Id` if it is 1 to 128 of `A-Za-z0-9._-`, else a new one",
    schema: { type: 'string', maxLength: 128 },
  },
};

export const RETRY_AFTER_RESPONSE_HEADER: HeadersObject = {
  'Retry-After': { description: 'When to try again, in seconds', schema: { type: 'integer', minimum: 0 } },
};
