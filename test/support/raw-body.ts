import type { Test } from 'supertest';

/** Sends a body as it stands, byte for byte, whatever its content type. */
export function sendRaw(request: Test, body: string | Buffer, contentType = 'application/json'): Test {
  return request
    .set('Content-Type', contentType)
    .serialize((given: string) => given)
    .send(body as string);
}
