import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './error-code';
import { faulty, parsed, type Parsed } from './parsed';
import { decodeSecretsKey, SECRETS_KEY_BYTES } from './secrets-key';

/**
 * The secrets key kept in a file that only its owner may read, made when there is none. A key is written whole under
 * another name and then linked to its own, which fails when that exists (https://man7.org/linux/man-pages/man2/link.2.html):
 * of processes that start at once one wins, and all read the same key, never half of one.
 */
export function keptSecretsKey(path: string): Parsed<Buffer> {
  try {
    const text = readIfThere(path) ?? makeAndRead(path);
    const key = decodeSecretsKey(text.trim());
    return key ? parsed(key) : faulty(`The secrets key file ${path} must hold ${SECRETS_KEY_BYTES} bytes in base64`);
  } catch (error) {
    return faulty(
      `The secrets key file ${path} can be neither read nor made (${errorCode(error) ?? 'unknown fault'}); set SECRETS_KEY`,
    );
  }
}

function makeAndRead(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(SECRETS_KEY_BYTES).toString('base64')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
