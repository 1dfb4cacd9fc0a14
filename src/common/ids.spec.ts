import { ID_LENGTH, ID_PREFIXES, type IdKind, isId, newId } from './ids';

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];
// The canonical example of https://github.com/ulid/spec, in lower case.
const ULID = '01arz3ndektsv4rrffq69g5fav';

describe('newId', () => {
  it.each([
    ['account', /^acct_[0-9a-z]{26}$/],
    ['token', /^tok_[0-9a-z]{26}$/],
    ['agent', /^agent_[0-9a-z]{26}$/],
    ['providerAccount', /^pa_[0-9a-z]{26}$/],
  ] as const)('makes an %s', (kind, form) => {
    expect(newId(kind)).toMatch(form);
  });

  it('makes what isId accepts, for its own kind only, within the width of a column', () => {
    for (const kind of KINDS) {
      const id = newId(kind);
      expect(KINDS.filter((other) => isId(other, id))).toEqual([kind]);
      expect(id.length).toBeLessThanOrEqual(ID_LENGTH);
    }
  });

  it('never makes one twice and makes them in order', () => {
    const ids = Array.from({ length: 5_000 }, () => newId('agent'));
    expect(new Set(ids).size).toBe(5_000);
    expect([...ids].sort()).toEqual(ids);
  });

  it('carries the time in its first ten characters', () => {
    const decode = (text: string) =>
      [...text].reduce((sum, digit) => sum * 32 + '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(digit), 0);
    const before = Date.now();
    const at = decode(newId('agent').slice('agent_'.length, 'agent_'.length + 10));
    expect(at).toBeGreaterThanOrEqual(before - 1_000);
    expect(at).toBeLessThanOrEqual(Date.now());
  });
});

describe('isId', () => {
  it('accepts the example of the specification', () => {
    expect(isId('agent', `agent_${ULID}`)).toBe(true);
    expect(isId('agent', `agent_7${ULID.slice(1)}`)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no prefix', ULID],
    ["another kind's prefix", `acct_${ULID}`],
    ['upper case', `agent_${ULID.toUpperCase()}`],
    ['a character too few', `agent_${ULID.slice(1)}`],
    ['a character too many', `agent_${ULID}0`],
    ['a time beyond 48 bits', `agent_8${ULID.slice(1)}`],
    ['a trailing newline', `agent_${ULID}\n`],
    ['a leading space', ` agent_${ULID}`],
    ['text before it', `xagent_${ULID}`],
  ])('refuses %s', (_what, value) => {
    expect(isId('agent', value)).toBe(false);
  });

  it.each([...'ilou'])('refuses %s, which the alphabet leaves out', (letter) => {
    expect(isId('agent', `agent_${ULID.slice(0, 25)}${letter}`)).toBe(false);
  });
});
