import type { Response } from 'supertest';
import type { ErrorDetail } from '../../src/common/errors/app-error';
import type { ErrorReason } from '../../src/common/errors/error-catalog';

/** Clocks of one machine; the answer is from this test run. */
const CLOCK_TOLERANCE_MS = 60_000;

type Data = Record<string, unknown>;

/**
 * Checks the five members of an envelope, and that there are no others.
 * @returns its `data`
 */
export function expectEnvelope(body: unknown, code: number): Data {
  expect(body).toEqual({
    error: code >= 400,
    code,
    message: expect.stringMatching(/\S/) as string,
    timestamp: expect.any(Number) as number,
    data: expect.any(Object) as object,
  });
  const { timestamp, data } = body as { timestamp: number; data: Data };
  expect(Number.isInteger(timestamp)).toBe(true);
  expect(Math.abs(timestamp - Date.now())).toBeLessThan(CLOCK_TOLERANCE_MS);
  // To the matcher above, null and arrays are objects as well.
  expect(data === null || Array.isArray(data)).toBe(false);
  return data;
}

/**
 * Checks a success answer: status, JSON, envelope, message, request id.
 * @returns its `data`
 */
export function expectSuccess(response: Response, status: number, message?: string): Data {
  expect({ status: response.status, body: response.body as unknown }).toMatchObject({ status, body: { error: false } });
  const data = expectAnswer(response, status);
  if (message !== undefined) expect((response.body as Data).message).toBe(message);
  return data;
}

/**
 * Checks an error answer: status, JSON, envelope, `reason` and `message`, and that the request id of the body is the
 * header's.
 * @returns its `details`
 */
export function expectError(response: Response, status: number, reason: ErrorReason, message?: string): ErrorDetail[] {
  expect({ status: response.status, body: response.body as unknown }).toMatchObject({
    status,
    body: { error: true, data: { reason } },
  });
  const data = expectAnswer(response, status);
  expect(data).toEqual({
    reason,
    request_id: response.headers['x-request-id'],
    details: expect.any(Array) as unknown[],
  });
  if (message !== undefined) expect((response.body as Data).message).toBe(message);
  return data.details as ErrorDetail[];
}

function expectAnswer(response: Response, status: number): Data {
  expect(response.headers['content-type']).toMatch(/^application\/json(;|$)/);
  expect(response.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  return expectEnvelope(response.body, status);
}
