import { parseInboundPath } from './inbound-path';

const KEY = 'k'.repeat(43);

describe('parseInboundPath', () => {
  it.each(['+918062810341', '%2B918062810341', '%2b918062810341', '918062810341'])('reads the number %s', (number) => {
    expect(parseInboundPath(`/inbound/san/${KEY}/${number}`)).toEqual({
      provider: 'san',
      key: KEY,
      number: '+918062810341',
    });
  });

  it('passes over a query', () => {
    expect(parseInboundPath(`/inbound/san/${KEY}/+918062810341?event=NewCall`)?.number).toBe('+918062810341');
  });

  it.each([
    '/inbound/san',
    `/inbound/san/${KEY}`,
    `/inbound/san/${KEY}/`,
    `/inbound/san/short/+918062810341`,
    `/inbound/SAN/${KEY}/+918062810341`,
    `/inbound/san/${KEY}/+918062810341/more`,
    `/inbound/san/${KEY}/++918062810341`,
    `/x/inbound/san/${KEY}/+918062810341`,
    `/inbound/san/${KEY}/+91 8062810341`,
    '',
  ])('refuses %j', (url) => {
    expect(parseInboundPath(url)).toBeUndefined();
  });
});
