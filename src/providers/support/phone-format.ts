import { countryOf, fromNational, isE164 } from '../../common/e164';

/** An E.164 number without its `+`, as several vendors write it. */
export function digitsOf(e164: string): string {
  return e164.replace(/^\+/, '');
}

/**
 * The E.164 form of a number as a vendor writes it: with `+`, without it, or, where a country is given, in national form
 * with or without its trunk prefix `0`. `null` for what is no number, such as a SIP URI or `anonymous`. Digits that could
 * be both are taken as national, so vendors that never write national numbers are to be read without a country.
 */
export function toE164(text: string, country: string | null): string | null {
  const number = text.trim();
  if (number.startsWith('+')) return isE164(number) ? number : null;
  if (!/^\d{3,15}$/.test(number)) return null;
  const international = isE164(`+${number}`) ? `+${number}` : null;
  if (country === null || (international !== null && countryOf(international) === country)) return international;
  return fromNational(number, country) ?? international;
}

/** A party of a call as `AboutCall` names it: E.164 where it is a number, `null` where it is withheld. */
export function callParty(text: string | null | undefined, country: string | null): string | null {
  const given = text?.trim();
  if (!given || /^(anonymous|unknown|restricted|unavailable|private)$/i.test(given)) return null;
  return toE164(given, country) ?? given;
}
