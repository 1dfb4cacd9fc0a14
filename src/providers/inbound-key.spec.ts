import { isInboundKey, newInboundKey } from './inbound-key';

it('knows its own form and no other', () => {
  const keys = Array.from({ length: 50 }, newInboundKey);
  expect(keys.every(isInboundKey)).toBe(true);
  expect(new Set(keys).size).toBe(50);
  for (const other of ['', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}=`, `${'x'.repeat(43)}\n`]) {
    expect(isInboundKey(other)).toBe(false);
  }
});
