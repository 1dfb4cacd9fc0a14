import { raw, type Request, type Response } from 'express';
import { AppError } from '../../common/errors/app-error';
import { isPlainObject } from '../validation/plain-object';

/** The largest body, in bytes after decompression. */
export const MAX_BODY_BYTES = 256 * 1024;

export interface RawBodyRequest extends Request {
  /** The body as it was sent, decompressed. */
  rawBody?: Buffer;
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** Collects bytes only: `express.json` makes an object of an empty body and mends text that is not UTF-8. */
const collect = raw({ limit: MAX_BODY_BYTES, type: () => true });
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the body of a request into `body` and `rawBody`.
 * @param isOptional an empty object is read where there is none
 * @throws AppError `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`, `MALFORMED_JSON` (no body, or not an object)
 * @throws an error of body-parser for what goes wrong on the way
 */
export async function readJsonBody(request: RawBodyRequest, response: Response, isOptional = false): Promise<void> {
  const { 'content-type': contentType, 'content-length': length } = request.headers;
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(length ?? 0) > 0;
  if (contentType === undefined ? hasBody : !isJson(contentType)) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  if (!hasBody && isOptional) {
    request.body = {};
    return;
  }
  if (!hasBody) throw new AppError('MALFORMED_JSON');
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw new AppError('PAYLOAD_TOO_LARGE');
  const bytes = await bytesOf(request, response);
  request.rawBody = bytes;
  request.body = parseObject(bytes);
}

/** JSON is UTF-8 (https://www.rfc-editor.org/rfc/rfc8259#section-8.1), so another charset is another media type. */
function isJson(contentType: string): boolean {
  if (contentType.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') return false;
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8';
}

function bytesOf(request: Request, response: Response): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    collect(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(request.body as Buffer);
    });
  });
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  const value = parse(bytes);
  if (!isPlainObject(value)) throw new AppError('MALFORMED_JSON');
  return value;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
