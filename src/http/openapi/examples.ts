import { AppError, type ErrorDetail } from '../../common/errors/app-error';
import { ERROR_CATALOG, type ErrorReason } from '../../common/errors/error-catalog';
import { errorBody, successBody, type ErrorBody, type SuccessBody } from '../envelope/envelope';

/** The moment at which every documented answer was given: 2025-11-24T16:00:00.000Z. */
const EXAMPLE_TIME_MS = 1_764_000_000_000;
const EXAMPLE_REQUEST_ID = '0b2f8c5e-6a8e-4c58-9d6a-3f1f1d0e7a42';

const EXAMPLE_DETAILS: Partial<Record<ErrorReason, readonly ErrorDetail[]>> = {
  FORBIDDEN: [{ field: 'token', message: 'must carry the scope numbers:write' }],
  VALIDATION_FAILED: [
    { field: 'provider', message: 'provider must be one of: san, ozonetell, twilio, …', value: 'acme' },
    { field: 'numbers[2]', message: 'numbers[2] must be a string', value: 42 },
  ],
  AGENT_ID_REQUIRED: [{ field: 'agent_id', message: ERROR_CATALOG.AGENT_ID_REQUIRED.message }],
  AGENT_NAME_REQUIRED: [{ field: 'agent_name', message: ERROR_CATALOG.AGENT_NAME_REQUIRED.message }],
  PROVIDER_REQUIRED: [{ field: 'provider', message: ERROR_CATALOG.PROVIDER_REQUIRED.message }],
  NUMBERS_REQUIRED: [{ field: 'numbers', message: ERROR_CATALOG.NUMBERS_REQUIRED.message }],
  PHONE_NUMBER_REQUIRED: [{ field: 'phone_number', message: ERROR_CATALOG.PHONE_NUMBER_REQUIRED.message }],
  CREDENTIALS_REQUIRED: [{ field: 'credentials', message: ERROR_CATALOG.CREDENTIALS_REQUIRED.message }],
  INVALID_PHONE_NUMBER_FORMAT: [
    { field: 'numbers[0]', message: 'numbers[0] is not an E.164 phone number', value: '918062810341' },
  ],
  NUMBER_ALREADY_ATTACHED: [
    { field: 'numbers[0]', message: ERROR_CATALOG.NUMBER_ALREADY_ATTACHED.message, value: '+918062810341' },
  ],
  NUMBER_NOT_ATTACHED: [
    { field: 'numbers[0]', message: ERROR_CATALOG.NUMBER_NOT_ATTACHED.message, value: '+918062810341' },
  ],
  NUMBER_NOT_AVAILABLE: [
    { field: 'numbers[0]', message: ERROR_CATALOG.NUMBER_NOT_AVAILABLE.message, value: '+918062810341' },
  ],
  PURPOSE_MISMATCH: [{ field: 'numbers[0]', message: ERROR_CATALOG.PURPOSE_MISMATCH.message, value: '+918062810341' }],
};

const EXAMPLE_MESSAGES: Partial<Record<ErrorReason, string>> = {
  FORBIDDEN: 'Token lacks the scope numbers:write',
};

/** A documented error, made by the function that makes the real ones. */
export function exampleError(reason: ErrorReason, status: number): ErrorBody {
  const error = new AppError(reason, {
    status,
    details: EXAMPLE_DETAILS[reason],
    message: EXAMPLE_MESSAGES[reason],
  });
  return errorBody(error, EXAMPLE_REQUEST_ID, EXAMPLE_TIME_MS);
}

export function exampleSuccess(status: number, message: string, data: object): SuccessBody {
  return successBody(status, message, data, EXAMPLE_TIME_MS);
}
