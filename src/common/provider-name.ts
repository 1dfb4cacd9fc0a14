/** The telephony providers of the API, in the order in which they are listed. */
export const PROVIDER_NAMES = [
  'san',
  'ozonetell',
  'twilio',
  'exotel',
  'telnyx',
  'vonage',
  'plivo',
  'bandwidth',
] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

export function isProviderName(value: unknown): value is ProviderName {
  return PROVIDER_NAMES.includes(value as ProviderName);
}
