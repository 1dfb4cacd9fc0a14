import {
  APPLICATION,
  applicationAnswer,
  clientOf,
  failureOf,
  FakeBandwidth,
  json,
  MemoryShared,
  NUMBERS,
  ours,
  TARGET,
} from './bandwidth.fixture';

const READ = `GET ${NUMBERS}/applications/${APPLICATION}`;
const CALLS = 'POST /api/v2/accounts/9900000/calls';
const CALL_ID = 'c-15ac29a2-1331029c-2cb0-4a07-b215-b22865662d85';
const PASSWORD = 'p'.repeat(64);
const MADE = { application_id: APPLICATION, callback_user: 'patchbay-1', callback_password: PASSWORD };
/** `createCallResponseExample` of bandwidth.yml. */
const CREATED = {
  applicationId: APPLICATION,
  accountId: '9900000',
  callId: CALL_ID,
  to: '+19195551234',
  from: '+19195554312',
  enqueuedTime: '2022-06-16T13:15:07.160Z',
  callUrl: `https://voice.bandwidth.com/api/v2/accounts/9900000/calls/${CALL_ID}`,
  callTimeout: 30,
  callbackTimeout: 15,
  answerMethod: 'POST',
  answerUrl: 'https://voice.example.com/answer',
  disconnectMethod: 'POST',
  disconnectUrl: 'https://voice.example.com/status',
  username: 'patchbay-1',
  password: '*****',
  priority: 5,
};
const OUTBOUND = {
  from: '+19195554312',
  to: '+19195551234',
  answerUrl: 'https://voice.example.com/answer',
  statusUrl: 'https://voice.example.com/status',
  target: TARGET,
  stream: null,
  ringTimeoutS: 45,
};

describe('the calls of BandwidthClient', () => {
  const fake = new FakeBandwidth();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());

  const good = { [READ]: applicationAnswer(ours('patchbay-1')), [CALLS]: json(CREATED, 201) };
  const client = () => clientOf(fake, new MemoryShared(MADE));

  it('are placed once, with the credentials for both URLs', async () => {
    fake.reset(good);
    expect(await client().placeCall(OUTBOUND)).toEqual({ providerCallId: CALL_ID });
    expect(fake.lines).toEqual([READ, CALLS]);
    expect(JSON.parse(fake.last(CALLS).body)).toEqual({
      from: '+19195554312',
      to: '+19195551234',
      applicationId: APPLICATION,
      answerUrl: 'https://voice.example.com/answer',
      answerMethod: 'POST',
      disconnectUrl: 'https://voice.example.com/status',
      disconnectMethod: 'POST',
      username: 'patchbay-1',
      password: PASSWORD,
      callTimeout: 45,
    });
  });

  it.each([
    [0, 1],
    [1000, 300],
  ])('ring for %i s as %i s, the limit', async (ringTimeoutS, callTimeout) => {
    fake.reset(good);
    await client().placeCall({ ...OUTBOUND, ringTimeoutS });
    expect(JSON.parse(fake.last(CALLS).body)).toMatchObject({ callTimeout });
  });

  it.each([
    [json({ type: 'validation', description: 'from is not yours', id: null }, 400), 'permanent', 'validation'],
    [
      json({ type: 'authorization-error', description: 'Access is denied', id: null }, 403),
      'credentials_rejected',
      'authorization-error',
    ],
    [
      json({ type: 'error', description: 'Account call creation rate limit exceeded', id: '' }, 429),
      'rate_limited',
      undefined,
    ],
  ])('are refused by %j as %s', async (answer, kind, vendorCode) => {
    fake.reset({ ...good, [CALLS]: answer });
    const error = await failureOf(client().placeCall(OUTBOUND));
    expect(error).toMatchObject({ kind, vendorCode, isOutcomeUnknown: false });
    expect(error.message).not.toContain('yours');
    expect(fake.lines.filter((line) => line === CALLS)).toHaveLength(1);
  });

  it.each([[{ status: 500 }], [json({}, 201)], [{ status: 201, body: 'created' }]])(
    'may have been placed after %j',
    async (answer) => {
      fake.reset({ ...good, [CALLS]: answer });
      expect(await failureOf(client().placeCall(OUTBOUND))).toMatchObject({
        kind: 'transient',
        isOutcomeUnknown: true,
      });
      expect(fake.lines.filter((line) => line === CALLS)).toHaveLength(1);
    },
  );

  it.each([200, 404, 409])('are ended where Bandwidth answers %i', async (status) => {
    fake.reset({ [`${CALLS}/${CALL_ID}`]: { status } });
    await client().hangup({ providerCallId: CALL_ID, ownNumber: '+19195554312', farEnd: null });
    expect(JSON.parse(fake.last(`${CALLS}/${CALL_ID}`).body)).toEqual({ state: 'completed' });
  });

  it('are not ended by a refusal', async () => {
    fake.reset({ [`${CALLS}/${CALL_ID}`]: json({ type: 'authorization-error', description: '', id: null }, 403) });
    const call = { providerCallId: CALL_ID, ownNumber: '+19195554312', farEnd: null };
    expect(await failureOf(client().hangup(call))).toMatchObject({ kind: 'credentials_rejected' });
  });
});
