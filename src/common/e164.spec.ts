import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max';
import { countryOf, isE164 } from './e164';

describe('isE164', () => {
  it.each([
    '+918062810341',
    '+12025551234',
    '+442012345678',
    '+61212345678',
    '+14165551234',
    '+6512345678',
    '+971501234567',
  ])('accepts %s', (value) => {
    expect(isE164(value)).toBe(true);
  });

  it.each([
    '918062810341',
    '(918) 062-810341',
    '+91 8062 810341',
    '+0123456789',
    '+',
    '',
    ' +918062810341',
    '+918062810341 ',
    '\n+918062810341',
    '+918062810341\n',
    '+918062810341\r\n',
    '+９１８０６２８１０３４１',
    '＋918062810341',
    '+999123456789',
    '+9180628103411234567',
    '+91806',
    'tel:+918062810341',
    '+918062810341;ext=1',
    '++918062810341',
    '+91-8062810341',
    '+91806281034a',
    '+9180628103\u00004',
    `+${'9'.repeat(10_000)}`,
  ])('refuses %j', (value) => {
    expect(isE164(value)).toBe(false);
  });

  // https://www.itu.int/dms_pub/itu-t/opb/sp/T-SP-E.164D-2016-PDF-E.pdf
  it.each(['+210123456789', '+2911', '+671', '+8001234567', '+800123456789', '+979123456'])(
    'refuses %s: a spare code, or a length that its code does not have',
    (value) => {
      expect(isE164(value)).toBe(false);
    },
  );

  // A universal freephone number has eight digits after +800: https://www.itu.int/rec/T-REC-E.169.1
  it('accepts international services', () => {
    expect(isE164('+80012345678')).toBe(true);
  });

  it('accepts the example number of every country', () => {
    const countries = getCountries();
    expect(countries.length).toBeGreaterThan(200);
    const numbers = countries.map((country) => getExampleNumber(country, examples)?.number ?? country);
    expect(numbers.filter((number) => !isE164(number))).toEqual([]);
  });

  it('refuses what no country has: one digit after its code, and sixteen digits in all', () => {
    const codes = new Set(getCountries().map((country) => getCountryCallingCode(country)));
    const candidates = [...codes].flatMap((code) => [`+${code}2`, `+${code}${'2'.repeat(16 - code.length)}`]);
    expect(candidates.filter(isE164)).toEqual([]);
  });
});

describe('countryOf', () => {
  it.each([
    ['+918062810341', 'IN'],
    ['+12025550123', 'US'],
    ['+14165551234', 'CA'],
    ['+442079460018', 'GB'],
    ['+61212345678', 'AU'],
    ['+6512345678', 'SG'],
    ['+971501234567', 'AE'],
  ])('places %s in %s', (e164, country) => {
    expect(countryOf(e164)).toBe(country);
  });

  it('places an international service nowhere', () => {
    expect(countryOf('+80012345678')).toBeNull();
  });

  it('is no fault of a text that is no number', () => {
    expect(countryOf('nonsense')).toBeNull();
  });
});
