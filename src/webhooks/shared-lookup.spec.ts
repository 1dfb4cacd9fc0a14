import type { LookupFunction } from 'node:net';
import { sharedLookup } from './shared-lookup';

type Answer = Parameters<LookupFunction>[2];

describe('sharedLookup', () => {
  it('asks once for a host while the answer is awaited, and again afterwards', () => {
    const asked: { host: string; answer: Answer }[] = [];
    const lookup = sharedLookup((host, _options, answer) => asked.push({ host, answer }));
    const found: unknown[] = [];
    const collect: Answer = (error, address) => found.push(error ?? address);
    lookup('one.example', { all: true }, collect);
    lookup('one.example', { all: true }, collect);
    lookup('two.example', { all: true }, collect);
    lookup('one.example', { all: false }, collect);
    expect(asked.map(({ host }) => host)).toEqual(['one.example', 'two.example', 'one.example']);

    const addresses = [{ address: '192.0.2.1', family: 4 }];
    asked[0]?.answer(null, addresses);
    expect(found).toEqual([addresses, addresses]);
    const failure = Object.assign(new Error('none'), { code: 'ENOTFOUND' });
    asked[1]?.answer(failure, '');
    expect(found.at(-1)).toBe(failure);

    lookup('one.example', { all: true }, collect);
    expect(asked).toHaveLength(4);
  });
});
