import { ERROR_CATALOG } from './error-catalog';

describe('ERROR_CATALOG', () => {
  it.each([
    ['UNAUTHENTICATED', 401, 'Invalid Auth Key or Session Expired'],
    ['MALFORMED_JSON', 400, 'Request body is not valid JSON'],
    ['AGENT_ID_REQUIRED', 400, 'Agent ID is required'],
    ['PROVIDER_REQUIRED', 400, 'Provider is required'],
    ['NUMBERS_REQUIRED', 400, 'Phone number(s) are required'],
    ['PHONE_NUMBER_REQUIRED', 400, 'Phone Number is required'],
    ['INVALID_PHONE_NUMBER_FORMAT', 400, 'Invalid phone number format. Use E.164 format'],
    ['AGENT_NOT_FOUND', 404, 'Agent not found'],
    ['PROVIDER_NOT_CONFIGURED', 400, 'Provider not configured for your account'],
    ['NUMBER_ALREADY_ATTACHED', 409, 'Phone number is already attached to another agent'],
    ['NUMBER_NOT_AVAILABLE', 422, 'Phone number is not available in your account'],
    ['PURPOSE_MISMATCH', 422, "Phone number purpose does not match the agent's"],
    ['PROVIDER_UNAVAILABLE', 503, 'The provider could not be reached; nothing was changed'],
    ['INTERNAL', 500, 'Internal server error'],
  ] as const)('tells %s as %d %s', (reason, status, message) => {
    expect(ERROR_CATALOG[reason]).toEqual({ status, message });
  });

  it.each([
    ['FORBIDDEN', 403],
    ['ROUTE_NOT_FOUND', 404],
    ['PAYLOAD_TOO_LARGE', 413],
    ['UNSUPPORTED_MEDIA_TYPE', 415],
    ['VALIDATION_FAILED', 422],
    ['CREDENTIALS_REJECTED', 422],
    ['PROVIDER_IN_USE', 409],
    ['SYNC_NOT_FOUND', 404],
    ['WEBHOOK_DELIVERY_NOT_FOUND', 404],
    ['SYNC_NOT_SUPPORTED', 422],
    ['SYNC_IN_PROGRESS', 409],
    ['NUMBER_EXISTS', 409],
    ['NUMBER_NOT_ATTACHED', 409],
    ['AGENT_HAS_PHONE_NUMBERS', 409],
    ['UNAVAILABLE', 503],
  ] as const)('tells %s as %d', (reason, status) => {
    expect(ERROR_CATALOG[reason].status).toBe(status);
  });

  it('has upper snake reasons, error statuses and a message for each', () => {
    for (const [reason, { status, message }] of Object.entries(ERROR_CATALOG)) {
      expect(reason).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(message).not.toBe('');
    }
  });
});
