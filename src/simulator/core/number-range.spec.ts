import { BadInput } from './input';
import { expandNumberRange, parseNumberRange } from './number-range';

describe('number range', () => {
  it('counts up from the first number', () => {
    expect(expandNumberRange({ first: '+12025550098', count: 4 })).toEqual([
      '+12025550098',
      '+12025550099',
      '+12025550100',
      '+12025550101',
    ]);
  });

  it('refuses to count past the fifteen digits of E.164', () => {
    expect(expandNumberRange({ first: '+999999999999999', count: 1 })).toEqual(['+999999999999999']);
    expect(() => expandNumberRange({ first: '+999999999999999', count: 2 })).toThrow(BadInput);
  });

  it.each([[{ first: '2025550098', count: 1 }], [{ first: '+12025550098', count: 0 }], [{ first: '+12025550098' }]])(
    'refuses %j',
    (range) => {
      expect(() => parseNumberRange(range, 'generate')).toThrow(BadInput);
    },
  );
});
