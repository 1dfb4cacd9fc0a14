import { e164Of, integerOf, recordOf } from './input';

/** Consecutive numbers, for tests that need more of them than anyone wants to write down. */
export interface NumberRange {
  count: number;
  /** E.164. */
  first: string;
}

export function parseNumberRange(input: unknown, where: string): NumberRange | undefined {
  if (input === undefined) return undefined;
  const range = recordOf(input, where, ['count', 'first']);
  return {
    count: integerOf(range.count, 1, 1_000_000, `${where}.count`),
    first: e164Of(range.first, `${where}.first`),
  };
}

/** @throws BadInput when the range runs past what E.164 can hold */
export function expandNumberRange(range: NumberRange): string[] {
  const first = BigInt(range.first.slice(1));
  e164Of(`+${first + BigInt(range.count - 1)}`, 'the last number of the range');
  return Array.from({ length: range.count }, (_, index) => `+${first + BigInt(index)}`);
}
