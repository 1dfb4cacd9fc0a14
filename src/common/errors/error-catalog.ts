/** What a client is told for each reason: HTTP status and the message for people, both stable. */
export interface CatalogEntry {
  readonly status: number;
  readonly message: string;
}

/**
 * Every error that leaves the service, one row each. `VALIDATION_FAILED` and `FORBIDDEN` have messages that depend
 * on the fault; their rows hold the fallback.
 */
export const ERROR_CATALOG = {
  UNAUTHENTICATED: { status: 401, message: 'Invalid Auth Key or Session Expired' },
  FORBIDDEN: { status: 403, message: 'Token lacks a required scope' },
  ROUTE_NOT_FOUND: { status: 404, message: 'Route not found' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'Request body is larger than 256 KiB' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Content-Type must be application/json' },
  MALFORMED_REQUEST: { status: 400, message: 'Request could not be read' },
  MALFORMED_JSON: { status: 400, message: 'Request body is not valid JSON' },
  VALIDATION_FAILED: { status: 422, message: 'Validation failed' },

  AGENT_ID_REQUIRED: { status: 400, message: 'Agent ID is required' },
  AGENT_NAME_REQUIRED: { status: 400, message: 'Agent name is required' },
  PROVIDER_REQUIRED: { status: 400, message: 'Provider is required' },
  NUMBERS_REQUIRED: { status: 400, message: 'Phone number(s) are required' },
  PHONE_NUMBER_REQUIRED: { status: 400, message: 'Phone Number is required' },
  CREDENTIALS_REQUIRED: { status: 400, message: 'Credentials are required' },
  INVALID_PHONE_NUMBER_FORMAT: { status: 400, message: 'Invalid phone number format. Use E.164 format' },

  AGENT_NOT_FOUND: { status: 404, message: 'Agent not found' },
  PHONE_NUMBER_NOT_FOUND: { status: 404, message: 'Phone number not found' },
  CALL_NOT_FOUND: { status: 404, message: 'Call not found' },
  PROVIDER_NOT_FOUND: { status: 404, message: 'Provider not found' },
  WEBHOOK_DELIVERY_NOT_FOUND: { status: 404, message: 'Webhook delivery not found' },
  SYNC_NOT_FOUND: { status: 404, message: 'Phone numbers of the provider have never been synced' },

  PROVIDER_NOT_CONFIGURED: { status: 400, message: 'Provider not configured for your account' },
  CREDENTIALS_REJECTED: { status: 422, message: 'The provider rejected the credentials' },
  SYNC_NOT_SUPPORTED: { status: 422, message: 'The provider has no API that lists phone numbers' },
  SYNC_IN_PROGRESS: { status: 409, message: 'A sync of this provider is under way' },
  PROVIDER_IN_USE: { status: 409, message: 'Provider has phone numbers attached to agents' },

  NUMBER_EXISTS: { status: 409, message: 'Phone number is already registered' },
  NUMBER_ALREADY_ATTACHED: { status: 409, message: 'Phone number is already attached to another agent' },
  NUMBER_NOT_ATTACHED: { status: 409, message: 'Phone number is not attached to this agent' },
  NUMBER_ATTACHED: { status: 409, message: 'Phone number is attached to an agent; detach it first' },
  NUMBER_NOT_AVAILABLE: { status: 422, message: 'Phone number is not available in your account' },
  PURPOSE_MISMATCH: { status: 422, message: "Phone number purpose does not match the agent's" },
  AGENT_HAS_PHONE_NUMBERS: { status: 409, message: 'Agent has phone numbers attached' },

  AGENT_HAS_NO_MEDIA: { status: 422, message: 'Agent has neither a stream nor a SIP address for its calls' },
  CALL_LIMIT_REACHED: { status: 429, message: 'Every number has as many calls as it may' },
  CALLS_NOT_SUPPORTED: { status: 422, message: 'The provider has no API that places calls' },
  CALL_REFUSED: { status: 502, message: 'The provider refused the call' },
  CALL_NOT_PLACED_YET: { status: 409, message: 'The provider has not confirmed the call yet' },
  HANGUP_NOT_SUPPORTED: { status: 422, message: 'The provider has no API that ends calls' },

  PROVIDER_UNAVAILABLE: { status: 503, message: 'The provider could not be reached; nothing was changed' },
  UNAVAILABLE: { status: 503, message: 'Service is temporarily unavailable' },
  INTERNAL: { status: 500, message: 'Internal server error' },
} as const satisfies Record<string, CatalogEntry>;

export type ErrorReason = keyof typeof ERROR_CATALOG;
