import { SecretBox, SecretBoxError, type Sealed } from './secret-box';

const KEY_A = Buffer.alloc(32, 'a');
const KEY_B = Buffer.alloc(32, 'b');
const CONTEXT = 'acct_1:twilio';
const box = new SecretBox([KEY_A]);

function withFlippedBit({ keyId, box: text }: Sealed, byte: number): Sealed {
  const bytes = Buffer.from(text, 'base64');
  bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  return { keyId, box: bytes.toString('base64') };
}

describe('SecretBox', () => {
  it.each(['', 'x', '{"auth_token":"0123456789abcdef"}', 'ключ 🔑 \u0000', 'a'.repeat(70_000)])(
    'opens what it sealed',
    (plaintext) => {
      expect(box.open(box.seal(plaintext, CONTEXT), CONTEXT)).toBe(plaintext);
    },
  );

  it('names a key by the start of its SHA-256', () => {
    // printf 'a%.0s' $(seq 32) | sha256sum; printf 'b%.0s' $(seq 32) | sha256sum
    expect(SecretBox.keyId(KEY_A)).toBe('3ba3f5f4');
    expect(SecretBox.keyId(KEY_B)).toBe('bdb33976');
    expect(box.seal('x', CONTEXT).keyId).toBe('3ba3f5f4');
  });

  // Test cases 13 and 14 of AES-GCM, a key and an IV of zeros without associated data: IV, tag and ciphertext in a row.
  // https://csrc.nist.rip/groups/ST/toolkit/BCM/documents/proposedmodes/gcm/gcm-revised-spec.pdf
  it.each([
    ['', '530f8afbc74536b9a963b4f1c4cb738b'],
    ['\u0000'.repeat(16), 'd0d1c8a799996bf0265b98b5d48ab919cea7403d4d606b6e074ec5d3baf39d18'],
  ])('is AES-256-GCM as published', (plaintext, tagAndCiphertext) => {
    const key = Buffer.alloc(32);
    const bytes = Buffer.concat([Buffer.alloc(12), Buffer.from(tagAndCiphertext, 'hex')]);
    const sealed = { keyId: SecretBox.keyId(key), box: bytes.toString('base64') };
    expect(new SecretBox([key]).open(sealed, '')).toBe(plaintext);
  });

  it('never seals twice alike and shows nothing of the text', () => {
    const boxes = Array.from({ length: 100 }, () => box.seal('hunter2', CONTEXT).box);
    expect(new Set(boxes.map((text) => Buffer.from(text, 'base64').subarray(0, 12).toString('hex'))).size).toBe(100);
    expect(Buffer.from(boxes[0] ?? '', 'base64')).toHaveLength(12 + 16 + 'hunter2'.length);
    expect(Buffer.from(boxes[0] ?? '', 'base64').includes('hunter2')).toBe(false);
  });

  it.each([
    ['the IV', 0],
    ['the tag', 12],
    ['the end of the tag', 27],
    ['the text', 28],
    ['the end of the text', 34],
  ])('refuses one changed bit in %s', (_where, byte) => {
    const tampered = withFlippedBit(box.seal('hunter2', CONTEXT), byte);
    expect(() => box.open(tampered, CONTEXT)).toThrow(SecretBoxError);
  });

  it.each(['acct_2:twilio', 'acct_1:telnyx', ''])('refuses the context %j', (context) => {
    expect(() => box.open(box.seal('hunter2', CONTEXT), context)).toThrow(SecretBoxError);
  });

  it('refuses another key under the same name', () => {
    const sealed = new SecretBox([KEY_B]).seal('hunter2', CONTEXT);
    expect(() => box.open({ ...sealed, keyId: SecretBox.keyId(KEY_A) }, CONTEXT)).toThrow(SecretBoxError);
  });

  it.each([
    ['nothing', ''],
    ['less than an IV', Buffer.alloc(5).toString('base64')],
    ['less than a tag', Buffer.alloc(20).toString('base64')],
    ['no base64', '!!!'],
  ])('refuses a box of %s as one that does not open', (_what, text) => {
    expect(() => box.open({ keyId: SecretBox.keyId(KEY_A), box: text }, CONTEXT)).toThrow(SecretBoxError);
  });

  it('seals with the first key and opens what any of them sealed', () => {
    const old = new SecretBox([KEY_B]).seal('hunter2', CONTEXT);
    const rotated = new SecretBox([KEY_A, KEY_B]);
    expect(rotated.open(old, CONTEXT)).toBe('hunter2');
    expect(rotated.seal('x', CONTEXT).keyId).toBe(SecretBox.keyId(KEY_A));
  });

  it('names the key that is missing', () => {
    const sealed = new SecretBox([KEY_B]).seal('hunter2', CONTEXT);
    expect(() => box.open(sealed, CONTEXT)).toThrow(
      new SecretBoxError('No secrets key with id bdb33976 is configured'),
    );
  });

  it('never carries the text in an error', () => {
    const sealed = box.seal('hunter2', CONTEXT);
    let caught: unknown;
    try {
      box.open(sealed, 'other');
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ name: 'SecretBoxError' });
    expect(caught instanceof Error && `${caught.stack} ${String(caught.cause)}`).not.toContain('hunter2');
  });

  it('takes keys of 32 bytes and at least one', () => {
    expect(() => new SecretBox([])).toThrow(SecretBoxError);
    expect(() => new SecretBox([Buffer.alloc(16)])).toThrow(SecretBoxError);
    expect(() => new SecretBox([KEY_A, Buffer.alloc(33)])).toThrow(SecretBoxError);
  });
});
