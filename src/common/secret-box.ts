import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A text sealed with AES-256-GCM and the id of the key that sealed it. */
export interface Sealed {
  readonly keyId: string;
  /** base64 of IV (12 bytes), authentication tag (16 bytes) and ciphertext. */
  readonly box: string;
}

/** Thrown when a box was sealed by a key that is not configured, or does not open. Never carries the content. */
export class SecretBoxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SecretBoxError';
  }
}

/**
 * Seals texts with the first key and opens what any of the keys sealed. The context (account and provider, say) is
 * authenticated with the text, so that a box copied to another row does not open there.
 */
export class SecretBox {
  private readonly keys = new Map<string, Buffer>();
  private readonly sealingKeyId: string;

  /** @param keys 32 bytes each; the first seals. */
  constructor(keys: readonly Buffer[]) {
    for (const key of keys) {
      if (key.length !== 32) throw new SecretBoxError('A secrets key must be 32 bytes');
      this.keys.set(SecretBox.keyId(key), key);
    }
    const [first] = keys;
    if (!first) throw new SecretBoxError('At least one secrets key is required');
    this.sealingKeyId = SecretBox.keyId(first);
  }

  /** The first 8 hex digits of the key's SHA-256: names a key without telling anything of it. */
  static keyId(key: Buffer): string {
    return createHash('sha256').update(key).digest('hex').slice(0, 8);
  }

  seal(plaintext: string, context: string): Sealed {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.sealingKeyId), iv);
    cipher.setAAD(Buffer.from(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return { keyId: this.sealingKeyId, box: Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64') };
  }

  /** @throws SecretBoxError when the key is missing, the context differs, or a bit was changed or is missing. */
  open(sealed: Sealed, context: string): string {
    const key = this.key(sealed.keyId);
    const bytes = Buffer.from(sealed.box, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new SecretBoxError('A sealed secret does not open: wrong key, wrong context or damaged');
    }
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new SecretBoxError(`No secrets key with id ${id} is configured`);
    return key;
  }
}
