import { parsePhoneNumberFromString, Metadata, type CountryCode, type MetadataJson } from 'libphonenumber-js/core';
import maxMetadata from 'libphonenumber-js/max/metadata';

const PATTERN = /^\+[1-9]\d{4,14}$/;
const CALLING_CODE_DIGITS = [1, 2, 3] as const;

// The package types its own JSON more loosely than the functions that take it.
const metadata = maxMetadata as unknown as MetadataJson;

const lengthsByCallingCode = new Map<string, ReadonlySet<number> | null>();

/** The national number lengths possible under a calling code, or `null` when the code is not assigned. */
function possibleLengths(callingCode: string): ReadonlySet<number> | null {
  const known = lengthsByCallingCode.get(callingCode);
  if (known !== undefined) return known;
  const lengths = readPossibleLengths(callingCode);
  lengthsByCallingCode.set(callingCode, lengths);
  return lengths;
}

function readPossibleLengths(callingCode: string): ReadonlySet<number> | null {
  const plans = new Metadata(metadata);
  try {
    // Takes a calling code as well as a country, and throws for one that is not assigned.
    plans.selectNumberingPlan(callingCode as CountryCode);
  } catch {
    return null;
  }
  return new Set(plans.numberingPlan?.possibleLengths() ?? []);
}

/**
 * Whether `value` is `+`, an assigned country calling code and a national number of a length possible for that code,
 * nothing else (no spaces, no `tel:`). Assigned codes and possible lengths are those of libphonenumber; only looking
 * them up by code, rather than parsing each number, keeps a batch of a thousand cheap.
 * Source: https://gitlab.com/catamphetamine/libphonenumber-js
 */
export function isE164(value: string): boolean {
  if (!PATTERN.test(value)) return false;
  for (const digits of CALLING_CODE_DIGITS) {
    const lengths = possibleLengths(value.slice(1, 1 + digits));
    if (lengths) return lengths.has(value.length - 1 - digits);
  }
  return false;
}

/** ISO 3166 code of the country that an E.164 number belongs to, or `null` for international services (+800). */
export function countryOf(e164: string): string | null {
  return parsePhoneNumberFromString(e164, metadata)?.country ?? null;
}

/** The E.164 form of a number written as within its country (ISO 3166), or `null` where no such number is in use there. */
export function fromNational(number: string, country: string): string | null {
  const parsed = parsePhoneNumberFromString(number, country as CountryCode, metadata);
  return parsed?.isValid() && isE164(parsed.number) ? parsed.number : null;
}
