import { digestOf, isApiToken, newApiToken } from './api-token';

it('makes tokens of 32 random bytes, each its own', () => {
  const tokens = Array.from({ length: 100 }, newApiToken);

  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) {
    expect(token).toMatch(/^pb_[A-Za-z0-9_-]{43}$/);
    expect(isApiToken(token)).toBe(true);
    expect(Buffer.from(token.slice(3), 'base64url')).toHaveLength(32);
  }
});

it.each(['', 'pb_', `pb_${'a'.repeat(42)}`, `pb_${'a'.repeat(44)}`, `pb_${'a'.repeat(42)}+`, `pk_${'a'.repeat(43)}`])(
  'takes %j for no token',
  (text) => {
    expect(isApiToken(text)).toBe(false);
  },
);

it('digests with SHA-256', () => {
  // The one-block example of https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
