import type { SharedValues } from '../../contract/shared-resources';
import { BandwidthCredentials } from './bandwidth.credentials';
import { basic } from './bandwidth.fixture';
import { verifyCallback } from './bandwidth.signature';

const PASSWORD = '0123456789abcdef'.repeat(4);
const SHARED = { application_id: 'a', callback_user: 'patchbay-1', callback_password: PASSWORD };
const GOOD = basic('patchbay-1', PASSWORD);

const verify = (authorization: string | undefined, shared: SharedValues | null = SHARED) =>
  verifyCallback(
    { method: 'POST', url: 'https://voice.example.com/', headers: { authorization }, rawBody: Buffer.from('{}') },
    { credentials: new BandwidthCredentials(), shared, nowMs: 0 },
  );

describe('the callbacks of Bandwidth', () => {
  it('are authentic with the password of the account', () => {
    expect(verify(GOOD)).toEqual({ kind: 'authentic', replayId: null });
    expect(verify(GOOD.replace('Basic', 'basic'))).toMatchObject({ kind: 'authentic' });
  });

  it('are unsigned without any', () => {
    expect(verify(undefined)).toEqual({ kind: 'rejected', why: 'unsigned' });
    expect(verify('')).toEqual({ kind: 'rejected', why: 'unsigned' });
  });

  it.each([
    ["another account's password", basic('patchbay-1', PASSWORD.replace('0', '1'))],
    ['another user', basic('patchbay-2', PASSWORD)],
    ['a longer password', basic('patchbay-1', `${PASSWORD}0`)],
    ['no password', basic('patchbay-1', '')],
    ['a token', `Bearer ${PASSWORD}`],
    ['no base64', 'Basic ****'],
    ['two headers', `${GOOD}, ${GOOD}`],
  ])('are rejected with %s', (_what, authorization) => {
    expect(verify(authorization)).toEqual({ kind: 'rejected', why: 'bad_signature' });
  });

  it('are rejected while nothing was made, so that nothing is guessed', () => {
    expect(verify(GOOD, null)).toEqual({ kind: 'rejected', why: 'bad_signature' });
    expect(verify(basic('undefined', 'undefined'), {})).toEqual({ kind: 'rejected', why: 'bad_signature' });
    expect(verify(basic('', ''), { callback_user: '', callback_password: '' })).toMatchObject({ kind: 'rejected' });
  });
});
