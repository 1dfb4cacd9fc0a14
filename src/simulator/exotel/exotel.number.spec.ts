import { BadInput } from '../core/input';
import { ExotelAccount } from './exotel.account';
import { appIdOf, flowUrl } from './exotel.flow';
import { e164From, nationalOf, numberResource } from './exotel.number';
import { parseExotelSeed } from './exotel.seed';

describe('the numbers of Exotel', () => {
  it.each([
    ['+918047281001', '+918047281001'],
    ['08047281001', '+918047281001'],
    ['918047281001', '+918047281001'],
    ['8047281001', '+918047281001'],
    ['+6531581234', '+6531581234'],
    ['080 4728-1001', '+918047281001'],
  ])('are read from %s', (text, e164) => expect(e164From(text)).toBe(e164));

  it.each(['', '0', '12345', '0047281001', 'sip:x@y', '+0123456789'])('are not read from %j', (text) =>
    expect(e164From(text)).toBeUndefined(),
  );

  it('are national in India only', () => {
    expect(nationalOf('+918047281001')).toBe('08047281001');
    expect(nationalOf('+6531581234')).toBe('+6531581234');
  });

  it('are written in either notation, with sids that may look like numbers', () => {
    const account = new ExotelAccount({ sid: 'acme1', api_key: 'k', api_token: 't' });
    for (const number of ['+918047281001', '+918047281002']) account.addNumber({ phone_number: number });
    expect(account.numbers().map(numberResource)).toMatchObject([
      { sid: '08047281001', phone_number: '08047281001', country: 'IN', voice_url: '', sms_url: null },
      { sid: expect.stringMatching(/^[0-9a-f]{32}$/) as string, phone_number: '+918047281002' },
    ]);
    expect(() => account.addNumber({ phone_number: '+6531581234', notation: 'national' })).toThrow(BadInput);
  });
});

describe('the flows of Exotel', () => {
  it('have URLs at a host of the region', () => {
    expect(flowUrl('singapore', 'acme1', '45195')).toBe('http://my.exotel.com/acme1/exoml/start_voice/45195');
    expect(flowUrl('mumbai', 'acme1', '45195')).toBe('https://my.mum1.exotel.com/acme1/exoml/start_voice/45195');
  });

  it.each([
    ['http://my.exotel.com/acme1/exoml/start_voice/45195', '45195'],
    ['https://my.mum1.exotel.com/acme1/exoml/start_voice/45195', '45195'],
    ['http://my.exotel.in/acme1/exoml/start_voice/1', '1'],
    ['http://my.exotel.com/other1/exoml/start_voice/45195', undefined],
    ['http://my.exotel.com/exoml/start/45195', undefined],
    ['http://my.exotel.com.evil.example.com/acme1/exoml/start_voice/45195', undefined],
    ['https://voice.example.com/inbound/exotel/key', undefined],
    ['http://my.exotel.com/acme1/exoml/start_voice/', undefined],
  ])('are named by %s as %s', (url, appId) => expect(appIdOf(url, 'acme1')).toBe(appId));
});

describe('a seed of Exotel', () => {
  const account = { sid: 'acme1', api_key: 'k', api_token: 't' };

  it.each([
    [{ accounts: [{ ...account, sid: 'a/b' }] }],
    [{ accounts: [{ ...account, region: 'delhi' }] }],
    [{ accounts: [{ ...account, numbers: ['08047281001'] }] }],
    [{ accounts: [{ ...account, flows: [{ app_id: 45195 }] }] }],
    [{ accounts: [{ ...account, flows: [{ app_id: '1', dynamic_url: 'ftp://x' }] }] }],
    [{ accounts: [{ ...account, numbers: [{ phone_number: '+918047281001', voiceUrl: '' }] }] }],
    [{ account: [] }],
  ])('is not %j', (seed) => expect(() => parseExotelSeed(seed)).toThrow(BadInput));
});
