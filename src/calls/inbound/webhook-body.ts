import { raw, type Request, type Response } from 'express';

/** The largest body of a provider's request, in bytes; the longest documented are some kilobytes. */
const MAX_BODY_BYTES = 64 * 1024;

const collect = raw({ limit: MAX_BODY_BYTES, type: () => true });

/**
 * The body as it was sent, which signatures are over; empty where there is none.
 * @throws an error of body-parser for what is too large or breaks off
 */
export function webhookBody(request: Request, response: Response): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    collect(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    });
  });
}
