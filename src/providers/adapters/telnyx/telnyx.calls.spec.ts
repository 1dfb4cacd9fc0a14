import {
  type Answer,
  API_KEY,
  APP,
  APPLICATION,
  failure,
  list,
  NOT_FOUND,
  ok,
  refusal,
  TARGET,
  VendorServer,
} from './telnyx.fixture';

const vendor = new VendorServer();
const CALL = {
  from: '+19705555098',
  to: '+13121230000',
  answerUrl: 'https://voice.example.com/inbound/telnyx/key/calls/1',
  statusUrl: 'https://voice.example.com/inbound/telnyx/key/status',
  target: TARGET,
  stream: null,
  ringTimeoutS: 45,
};
/** https://developers.telnyx.com/api-reference/texml-rest-commands/create-a-connection-scoped-texml-call */
const PLACED = { call_sid: 'v3:call-control-id', from: CALL.from, to: CALL.to, status: 'queued' };
const LIVE = { providerCallId: 'v3:KBnLO0ZK3D/hKM5s7bE9', ownNumber: CALL.from, farEnd: CALL.to };
const ORGANIZATION = '61bf923e-5e4d-4595-a110-56190ea18a1b';
const USER = 'f5586561-8ff0-4291-a51b-c7dfe4139ff9';
const SELF = ok({ organization_id: ORGANIZATION, user_id: USER });
const endOf = (account: string) => `POST /texml/Accounts/${account}/Calls/v3%3AKBnLO0ZK3D%2FhKM5s7bE9`;

beforeAll(() => vendor.start());
afterAll(() => vendor.stop());
beforeEach(() => vendor.prepare());
afterEach(() => expect(vendor.answers).toEqual([]));

describe('placeCall', () => {
  it('calls through the shared application', async () => {
    vendor.prepare(ok(APPLICATION), [200, PLACED]);
    expect(await vendor.client().placeCall(CALL)).toEqual({ providerCallId: 'v3:call-control-id' });
    expect(vendor.trail).toEqual([`GET /texml_applications/${APP}`, `POST /texml/calls/${APP}`]);
    expect(vendor.asked[1]).toMatchObject({ authorization: `Bearer ${API_KEY}` });
    expect(vendor.asked[1]?.json).toEqual({
      From: CALL.from,
      To: CALL.to,
      Url: CALL.answerUrl,
      Method: 'POST',
      StatusCallback: CALL.statusUrl,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: 'initiated ringing answered completed',
      Timeout: 45,
    });
  });

  // `Timeout`: "The minimum value is 5 and the maximum value is 120."
  it.each([
    [1, 5],
    [30, 30],
    [600, 120],
  ])('lets it ring for %i s as %i', async (asked, sent) => {
    vendor.prepare(ok(APPLICATION), [200, PLACED]);
    await vendor.client().placeCall({ ...CALL, ringTimeoutS: asked });
    expect(vendor.asked[1]?.json).toMatchObject({ Timeout: sent });
  });

  it.each([[{ data: { sid: 'v3:a' } }], [{ data: { call_sid: 'v3:a' } }], [{ sid: 'v3:a' }]])(
    'also understands %j',
    async (body) => {
      vendor.prepare(ok(APPLICATION), [200, body]);
      expect(await vendor.client().placeCall(CALL)).toEqual({ providerCallId: 'v3:a' });
    },
  );

  it('does not know whether a call was placed that has no name', async () => {
    vendor.prepare(ok(APPLICATION), [200, { from: CALL.from, to: CALL.to, status: 'queued' }]);
    expect(await failure(vendor.client().placeCall(CALL))).toMatchObject({ isOutcomeUnknown: true });
    expect(vendor.asked).toHaveLength(2);
  });

  it('gives an application without an outbound profile the first that is enabled, and keeps the rest', async () => {
    const without = { ...APPLICATION, outbound: { channel_limit: 10 } };
    const profile = (id: string, enabled: boolean) => ({
      id,
      name: id,
      enabled,
      record_type: 'outbound_voice_profile',
    });
    vendor.prepare(
      ok(without),
      list([profile('1', false), profile('2', true), profile('3', true)]),
      ok({ ...without, outbound: { channel_limit: 10, outbound_voice_profile_id: '2' } }),
      [200, PLACED],
    );
    await vendor.client().placeCall(CALL);
    expect(vendor.trail[1]).toBe('GET /outbound_voice_profiles');
    expect(vendor.trail[2]).toBe(`PATCH /texml_applications/${APP}`);
    expect(vendor.asked[2]?.json).toMatchObject({
      friendly_name: APPLICATION.friendly_name,
      voice_url: TARGET.answerUrl,
      outbound: { channel_limit: 10, outbound_voice_profile_id: '2' },
    });
  });

  it('refuses clearly where the account has no profile, and places no call', async () => {
    vendor.prepare(ok({ ...APPLICATION, outbound: { outbound_voice_profile_id: '' } }), list([]));
    const error = await failure(vendor.client().placeCall(CALL));
    expect(error.kind).toBe('permanent');
    expect(error.message).toContain('no enabled outbound voice profile');
    expect(vendor.trail.join()).not.toContain('/texml/calls');
  });

  it('knows that no phone rings where the application could not be made ready', async () => {
    const elsewhere = ok({ ...APPLICATION, voice_url: 'https://old.example.com' });
    vendor.prepare(elsewhere, elsewhere, [502, {}]);
    expect(await failure(vendor.client().placeCall(CALL))).toMatchObject({
      kind: 'transient',
      httpStatus: 502,
      isOutcomeUnknown: false,
    });
    expect(vendor.trail.join()).not.toContain('/texml/calls');
  });

  it('does not take a call that is not allowed for wrong credentials', async () => {
    vendor.prepare(ok(APPLICATION), refusal(403, '90010', 'Not allowed'));
    expect(await failure(vendor.client().placeCall(CALL))).toMatchObject({ kind: 'permanent', vendorCode: '90010' });
  });
});

describe('hangup', () => {
  it('completes the call in the account, which it asks for once', async () => {
    const client = vendor.client();
    vendor.prepare(SELF, [200, { status: 'completed' }], [200, { status: 'completed' }]);
    await client.hangup(LIVE);
    await client.hangup(LIVE);
    expect(vendor.trail).toEqual(['GET /whoami', endOf(ORGANIZATION), endOf(ORGANIZATION)]);
    expect(vendor.asked[1]?.form).toEqual({ Status: 'completed' });
  });

  it('goes by the user where the organization does not know the call or is refused', async () => {
    vendor.prepare(SELF, NOT_FOUND, [200, {}]);
    await vendor.client().hangup(LIVE);
    expect(vendor.trail.slice(1)).toEqual([endOf(ORGANIZATION), endOf(USER)]);
    vendor.prepare(SELF, refusal(403, '10010', 'Authorization failed'), [200, {}]);
    await vendor.client().hangup(LIVE);
  });

  it.each([
    ['unknown everywhere', [NOT_FOUND, NOT_FOUND, NOT_FOUND]],
    ['over already', [refusal(422, '90018', 'Call has already ended')]],
    ['over already, as a Call Control call', [NOT_FOUND, NOT_FOUND, refusal(422, '90018', 'Call has already ended')]],
  ])('takes a call that is %s for hung up', async (_how, answers) => {
    vendor.prepare(SELF, ...answers);
    await expect(vendor.client().hangup(LIVE)).resolves.toBeUndefined();
  });

  it.each([
    ['is known under neither name', [SELF, NOT_FOUND, NOT_FOUND]],
    ['is not told', [NOT_FOUND]],
    ['has no name', [ok({})]],
    ['is refused to the key', [refusal(403, '10010', 'Authorization failed')]],
    ['is told in words of its own', [[200, { organization: ORGANIZATION }] as Answer]],
  ])('hangs up by Call Control where the account %s', async (_how, answers) => {
    vendor.prepare(...answers, ok({ result: 'ok' }));
    await vendor.client().hangup(LIVE);
    expect(vendor.trail.at(-1)).toBe('POST /calls/v3%3AKBnLO0ZK3D%2FhKM5s7bE9/actions/hangup');
    expect(vendor.asked.at(-1)?.json).toEqual({});
  });

  it('says so where it may not', async () => {
    const refused = refusal(403, '10010', 'Authorization failed');
    vendor.prepare(SELF, refused, refused, refused);
    expect(await failure(vendor.client().hangup(LIVE))).toMatchObject({ kind: 'credentials_rejected' });
  });

  it('asks for the account again after a failure', async () => {
    const client = vendor.client();
    vendor.prepare([500, {}], SELF, [200, {}]);
    expect(await failure(client.hangup(LIVE))).toMatchObject({ kind: 'transient' });
    await client.hangup(LIVE);
    expect(vendor.trail).toEqual(['GET /whoami', 'GET /whoami', endOf(ORGANIZATION)]);
  });
});
