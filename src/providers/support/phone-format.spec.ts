import { callParty, digitsOf, toE164 } from './phone-format';

describe('digitsOf', () => {
  it('takes the + away', () => expect(digitsOf('+14155550123')).toBe('14155550123'));
});

describe('toE164', () => {
  it.each([
    ['+918062810341', null, '+918062810341'],
    ['918062810341', null, '+918062810341'],
    ['918062810341', 'IN', '+918062810341'],
    ['08062810341', 'IN', '+918062810341'],
    ['8062810341', 'IN', '+918062810341'],
    [' 14155550123 ', 'US', '+14155550123'],
    ['4155550123', 'US', '+14155550123'],
    ['02079460000', 'GB', '+442079460000'],
    // As digits alone this could be an Egyptian number (+20) too.
    ['2025551234', 'US', '+12025551234'],
    ['447911123456', 'IN', '+447911123456'],
    ['12025551234', 'IN', '+12025551234'],
  ])('reads %j of an account in %s', (text, country, e164) => expect(toE164(text, country)).toBe(e164));

  it.each([
    ['08062810341', null],
    ['sip:agent@example.com', 'IN'],
    ['anonymous', 'IN'],
    ['', 'IN'],
    ['12', 'US'],
    ['0000000', 'US'],
    ['+999123456789', 'US'],
  ])('finds no number in %j of an account in %s', (text, country) => expect(toE164(text, country)).toBeNull());
});

describe('callParty', () => {
  it('names a number by E.164, others as given, and withheld ones not at all', () => {
    expect(callParty('08062810341', 'IN')).toBe('+918062810341');
    expect(callParty('sip:bob@example.com', null)).toBe('sip:bob@example.com');
    for (const withheld of ['anonymous', 'Unknown', '', undefined, null]) expect(callParty(withheld, null)).toBeNull();
  });
});
