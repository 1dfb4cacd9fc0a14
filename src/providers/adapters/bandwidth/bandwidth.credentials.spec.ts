import { validateSync } from 'class-validator';
import { BandwidthCredentials } from './bandwidth.credentials';

const CLIENT = { client_id: 'c-1', client_secret: 's' };
const USER = { username: 'u', password: 'p' };

function faults(given: Partial<BandwidthCredentials>): Record<string, string | undefined> {
  const errors = validateSync(Object.assign(new BandwidthCredentials(), given), { stopAtFirstError: true });
  return Object.fromEntries(errors.map(({ property, constraints }) => [property, Object.values(constraints ?? {})[0]]));
}

describe('BandwidthCredentials', () => {
  it.each([[CLIENT], [USER], [{ ...CLIENT, site_id: '743', sip_peer_id: '303716' }], [{ ...USER, country: 'US' }]])(
    'takes an account with %j',
    (more) => expect(faults({ account_id: '9900000', ...more })).toEqual({}),
  );

  it('asks for one of the two pairs', () => {
    expect(faults({ account_id: '9900000' })).toEqual({
      client_id: 'is required with client_secret, or username and password instead of both',
      client_secret: 'is required with client_id, or username and password instead of both',
    });
  });

  it('asks for both halves of a pair', () => {
    expect(Object.keys(faults({ account_id: '1', client_id: 'c' }))).toEqual(['client_secret']);
    expect(faults({ account_id: '1', username: 'u' })).toEqual({ password: 'is required with username' });
  });

  it('takes only one pair', () => {
    const message = 'must be left out where client_id and client_secret are given';
    expect(faults({ account_id: '1', ...CLIENT, ...USER })).toEqual({ username: message, password: message });
  });

  it.each([
    [{ account_id: 'AC1', ...CLIENT }, 'account_id'],
    [{ account_id: '1', client_id: 'a:b', client_secret: 's' }, 'client_id'],
    [{ account_id: '1', username: 'a:b', password: 's' }, 'username'],
    [{ account_id: '1', ...USER, site_id: '../1' }, 'site_id'],
    [{ account_id: '1', ...USER, sip_peer_id: 'x' }, 'sip_peer_id'],
  ])('refuses %j', (given, property) => expect(Object.keys(faults(given))).toEqual([property]));
});
