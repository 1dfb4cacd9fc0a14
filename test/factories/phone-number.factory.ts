import type { ProviderName } from '../../src/common/provider-name';
import { expectSuccess } from '../support/envelope';
import type { ApiClient } from '../support/test-app';

/**
 * `count` valid numbers, from +447700900000 + `from` on: the range that Ofcom keeps for drama, so nobody has them.
 * https://www.ofcom.org.uk/phones-telecoms-and-internet/information-for-industry/numbering/numbers-for-drama
 */
export function someNumbers(count: number, from = 0): string[] {
  if (from + count > 1_000) throw new RangeError('the range holds 1,000 numbers');
  return Array.from({ length: count }, (_, index) => `+447700900${String(from + index).padStart(3, '0')}`);
}

export interface CreatedNumber extends Record<string, unknown> {
  readonly phone_number: string;
}

/** Registers a number by hand through the API. */
export async function createPhoneNumber(
  api: ApiClient,
  phoneNumber: string,
  provider: ProviderName = 'san',
  overrides: Record<string, unknown> = {},
): Promise<CreatedNumber> {
  const response = await api.post('/api/phone-number').send({ phone_number: phoneNumber, provider, ...overrides });
  return expectSuccess(response, 201) as CreatedNumber;
}

/** Registers several, one after another, so that their order of creation is theirs. */
export async function createPhoneNumbers(
  api: ApiClient,
  phoneNumbers: readonly string[],
  provider: ProviderName = 'san',
): Promise<void> {
  for (const phoneNumber of phoneNumbers) await createPhoneNumber(api, phoneNumber, provider);
}
