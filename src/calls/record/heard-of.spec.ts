import { heardOf, type KnownCall } from './heard-of';

const CALL: KnownCall = {
  callId: 'call_1',
  accountId: 'acct_1',
  direction: 'outbound',
  e164: '+12025550123',
  farEnd: '+919560088735',
  provider: 'twilio',
  providerAccountId: 'pa_1',
  providerCallId: null,
};

describe('heardOf', () => {
  it('says which call it is, and nothing of what is not told', () => {
    expect(heardOf(CALL, { status: 'failed', endReason: 'refused' })).toEqual({
      kind: 'heard_of',
      callId: 'call_1',
      accountId: 'acct_1',
      provider: 'twilio',
      providerAccountId: 'pa_1',
      about: { providerCallIds: ['call_1'], direction: 'outbound', from: '+12025550123', to: '+919560088735' },
      news: {
        status: 'failed',
        occurredAt: null,
        answeredAt: null,
        endedAt: null,
        durationS: null,
        endReason: 'refused',
      },
    });
  });

  it('names it as its vendor does: by the name just learnt, else by the one known', () => {
    const known = { ...CALL, providerCallId: 'CA1' };
    expect(heardOf(known, { status: 'ringing' }).about.providerCallIds).toEqual(['CA1']);
    expect(heardOf(known, { status: 'ringing' }, 'CA2').about.providerCallIds).toEqual(['CA2']);
  });

  it('has the far end call in', () => {
    const { about } = heardOf({ ...CALL, direction: 'inbound' }, { status: 'ringing' });
    expect(about).toMatchObject({ direction: 'inbound', from: '+919560088735', to: '+12025550123' });
  });
});
