import { AppError } from '../common/errors/app-error';
import { sanAdapter } from './adapters/san/san.adapter';
import { twilioAdapter } from './adapters/twilio/twilio.adapter';
import type { AnyProviderAdapter } from './contract/provider-adapter';
import { maskCredentials, parseCredentials } from './provider-credentials';

const HEX = '0123456789abcdef0123456789abcdef';
const TWILIO = { account_sid: `AC${HEX}`, auth_token: HEX };

function faults(adapter: AnyProviderAdapter, given: Record<string, unknown>): string[] {
  try {
    parseCredentials(adapter, given);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.reason).toBe('VALIDATION_FAILED');
    expect(error.details.every((detail) => detail.value === undefined)).toBe(true);
    return error.details.map(({ message }) => message);
  }
}

describe('parseCredentials for twilio', () => {
  it.each([
    TWILIO,
    { ...TWILIO, api_key_sid: `SK${HEX}`, api_key_secret: 'x'.repeat(32) },
    { ...TWILIO, country: 'IN' },
    { ...TWILIO, account_sid: `AC${HEX.toUpperCase()}` },
  ])('passes %j', (given) => expect(parseCredentials(twilioAdapter, given)).toEqual(given));

  it('counts null as not given', () => {
    const given = { ...TWILIO, api_key_sid: null, api_key_secret: null, country: null };
    expect(parseCredentials(twilioAdapter, given)).toEqual(TWILIO);
  });

  it('names every fault', () => {
    expect(faults(twilioAdapter, {})).toEqual([
      'credentials.account_sid is required',
      'credentials.auth_token is required',
    ]);
    expect(
      faults(twilioAdapter, { account_sid: `AB${HEX}`, auth_token: 'two words', shoe_size: 44, country: 'in' }).sort(),
    ).toEqual([
      'credentials.account_sid must be AC and letters and digits',
      'credentials.auth_token must be 1 to 128 visible ASCII characters',
      'credentials.country must be an ISO 3166-1 alpha-2 country code in capitals, such as IN',
      'credentials.shoe_size is not a credential of twilio',
    ]);
  });

  it('wants both halves of an API key or neither', () => {
    expect(faults(twilioAdapter, { ...TWILIO, api_key_sid: `SK${HEX}` })).toEqual([
      'credentials.api_key_secret is required with api_key_sid',
    ]);
    expect(faults(twilioAdapter, { ...TWILIO, api_key_secret: 'x' })).toEqual([
      'credentials.api_key_sid is required with api_key_secret',
    ]);
  });

  it.each<unknown[]>([[42], [true], [[]], [{}], [[HEX]], [{ toString: HEX }]])(
    'does not take %j for a token',
    (auth_token) => {
      expect(faults(twilioAdapter, { ...TWILIO, auth_token })).toEqual([
        'credentials.auth_token must be 1 to 128 visible ASCII characters',
      ]);
    },
  );

  it.each(['', ' ', `${HEX}\n`, ` ${HEX}`, 'x'.repeat(129), 'ｆ'.repeat(32)])(
    'does not take %j for a token',
    (auth_token) => {
      expect(faults(twilioAdapter, { ...TWILIO, auth_token })).toHaveLength(1);
    },
  );

  it.each(['ZZ', 'IND', 'in', ''])('does not take %j for a country', (country) => {
    expect(faults(twilioAdapter, { ...TWILIO, country })).toHaveLength(1);
  });

  it('does not touch prototypes', () => {
    const given = JSON.parse(`{"__proto__": {"auth_token": "${HEX}"}, "account_sid": "AC${HEX}"}`) as object;
    expect(faults(twilioAdapter, { ...given }).length).toBeGreaterThan(0);
    expect(faults(twilioAdapter, given as Record<string, unknown>)).toEqual([
      'credentials.__proto__ is not a credential of twilio',
      'credentials.auth_token is required',
    ]);
    expect(faults(twilioAdapter, { ...TWILIO, constructor: 'x' })).toEqual([
      'credentials.constructor is not a credential of twilio',
    ]);
  });
});

describe('parseCredentials for san', () => {
  it.each([
    {},
    {
      base_url: 'https://tenant.sansoftwares.com/pbxadmin/sanpbxapi',
      access_token: 'a-b.c',
      access_key: 'ключ',
      app_id: '2',
    },
    { base_url: 'http://127.0.0.1:8080/x' },
    { username: 'u', password: 'p:q' },
  ])('passes %j', (given) => expect(parseCredentials(sanAdapter, given)).toEqual(given));

  it.each([
    ['base_url', 'ftp://tenant.sansoftwares.com'],
    ['base_url', 'tenant.sansoftwares.com'],
    ['base_url', 'https://user:pw@tenant.sansoftwares.com'],
    ['base_url', 'https://tenant.sansoftwares.com/?a=b'],
    ['base_url', 'https://tenant.sansoftwares.com/#a'],
    ['base_url', `https://tenant.sansoftwares.com/${'x'.repeat(4000)}`],
    ['access_token', 'line\nbreak'],
    ['access_token', ''],
    ['access_token', 'é'],
    ['access_key', 'nul\u0000'],
    ['app_id', 2.5],
    ['app_id', '-1'],
  ])('refuses %s %j', (name, value) => {
    const messages = faults(sanAdapter, { [name]: value });
    expect(messages).toHaveLength(1);
    expect(messages[0]?.startsWith(`credentials.${name} must be `)).toBe(true);
  });

  it('wants user and password together, and no colon in the user', () => {
    expect(faults(sanAdapter, { username: 'u' })).toEqual(['credentials.password is required with username']);
    expect(faults(sanAdapter, { password: 'p' })).toEqual(['credentials.username is required with password']);
    expect(faults(sanAdapter, { username: 'u:v', password: 'p' })).toHaveLength(1);
  });
});

it('takes a whole number for its digits where the field is no secret', () => {
  expect(parseCredentials(sanAdapter, { app_id: 2 })).toEqual({ app_id: '2' });
});

describe('maskCredentials', () => {
  it('shows the last four characters of what is secret, nothing of a short one, and settings in clear', () => {
    const fields = sanAdapter.credentialFields;
    const given = {
      username: 'someone',
      password: 'hunter2',
      access_token: 'abcdefgh5678',
      access_key: 'elevenchars',
      app_id: '2',
    };
    expect(maskCredentials(fields, given)).toEqual({
      username: '****',
      password: '****',
      access_token: '****5678',
      access_key: '****',
      app_id: '2',
    });
  });

  it('shows nothing that is no field any more', () => {
    expect(maskCredentials(twilioAdapter.credentialFields, { former_secret: 'x'.repeat(40) })).toEqual({});
  });
});
