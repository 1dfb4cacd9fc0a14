import { faulty, parsed, type Parsed } from './parsed';

export const SECRETS_KEY_BYTES = 32;

/** Reads a key of 32 bytes in base64, or `null` when the text is something else. */
export function decodeSecretsKey(text: string): Buffer | null {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : null;
}

export function parseSecretsKey(text: string): Parsed<Buffer> {
  const key = decodeSecretsKey(text);
  return key ? parsed(key) : faulty(`SECRETS_KEY must be ${SECRETS_KEY_BYTES} bytes in base64`);
}

/** Reads former keys, which open what they sealed and seal nothing more: base64, separated by commas. */
export function parseFormerSecretsKeys(text: string): Parsed<Buffer[]> {
  const keys = text.split(',').map((part) => decodeSecretsKey(part.trim()));
  const faults = keys.flatMap((key, index) =>
    key ? [] : [`SECRETS_KEYS_OLD: key ${index + 1} must be ${SECRETS_KEY_BYTES} bytes in base64`],
  );
  return faults.length > 0 ? faulty(...faults) : parsed(keys.filter((key) => key !== null));
}
