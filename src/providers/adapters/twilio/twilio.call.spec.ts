import type { LiveCall, OutboundCall } from '../../contract/call';
import { ACCOUNT, failure, refusal, ScriptedTwilio } from './twilio.fixture';

const CALLS = `/2010-04-01/Accounts/${ACCOUNT}/Calls.json`;
const SID = 'CA42ed11f93dc08b952027ffbc406d0868';
const TARGET = {
  answerUrl: 'https://voice.example.com/inbound/twilio/key',
  statusUrl: 'https://voice.example.com/inbound/twilio/key/status',
};
const CALL: OutboundCall = {
  from: '+15017122661',
  to: '+14155551212',
  ...TARGET,
  target: TARGET,
  stream: null,
  ringTimeoutS: 30,
};
/** As https://www.twilio.com/docs/voice/api/call-resource shows it for a call just created. */
const CREATED = {
  sid: SID,
  account_sid: ACCOUNT,
  from: '+15017122661',
  to: '+14155551212',
  status: 'queued',
  direction: 'outbound-api',
  duration: null,
  start_time: null,
  end_time: null,
  uri: `/2010-04-01/Accounts/${ACCOUNT}/Calls/${SID}.json`,
};

describe('Calls of TwilioClient', () => {
  const twilio = new ScriptedTwilio();
  const client = twilio.client.bind(twilio);

  beforeAll(() => twilio.start());
  afterAll(() => twilio.stop());
  beforeEach(() => {
    twilio.asked = [];
    twilio.answers = [];
  });
  afterEach(() => expect(twilio.answers).toEqual([]));

  describe('placeCall', () => {
    it('posts the call and asks for each event by a field of its own', async () => {
      twilio.answers = [[201, CREATED]];
      expect(await client().placeCall(CALL)).toEqual({ providerCallId: SID });
      expect(twilio.asked).toHaveLength(1);
      expect(twilio.asked[0]).toMatchObject({ method: 'POST', path: CALLS });
      expect(twilio.asked[0]?.form).toEqual([
        ['To', '+14155551212'],
        ['From', '+15017122661'],
        ['Url', TARGET.answerUrl],
        ['Method', 'POST'],
        ['StatusCallback', TARGET.statusUrl],
        ['StatusCallbackMethod', 'POST'],
        ['StatusCallbackEvent', 'initiated'],
        ['StatusCallbackEvent', 'ringing'],
        ['StatusCallbackEvent', 'answered'],
        ['StatusCallbackEvent', 'completed'],
        ['Timeout', '30'],
      ]);
    });

    it.each([
      [0, '1'],
      [29.6, '30'],
      [600, '600'],
      [601, '600'],
    ])('lets it ring for %d s as far as Twilio can', async (ringTimeoutS, timeout) => {
      twilio.answers = [[201, CREATED]];
      await client().placeCall({ ...CALL, ringTimeoutS });
      expect(twilio.asked[0]?.form).toContainEqual(['Timeout', timeout]);
    });

    // https://www.twilio.com/docs/api/errors/{21210,21211,21215}
    it.each([
      [refusal(400, 21210, "'From' phone number not verified"), 'not_owned', '21210'],
      [refusal(400, 21211, "The 'To' number +1999 is not a valid phone number."), 'permanent', '21211'],
      [refusal(400, 21215, 'Account not authorized to call +14155551212'), 'permanent', '21215'],
      [refusal(403, 21215, 'Account not authorized to call +14155551212'), 'permanent', '21215'],
      [refusal(403, 20403, 'Forbidden'), 'credentials_rejected', '20403'],
      [refusal(401, 20003, 'Authenticate'), 'credentials_rejected', '20003'],
    ])('maps %j to %s', async (answer, kind, vendorCode) => {
      twilio.answers = [answer];
      const error = await failure(client().placeCall(CALL));
      expect(error).toMatchObject({ kind, vendorCode, isOutcomeUnknown: false });
      expect(error.message).not.toMatch(/\+1|From|To/);
    });

    it('takes an account that is not found for wrong credentials', async () => {
      twilio.answers = [refusal(404, 20404, `The requested resource ${CALLS} was not found`)];
      expect(await failure(client().placeCall(CALL))).toMatchObject({ kind: 'credentials_rejected' });
    });

    it('does not know whether there is a call when the answer has no sid', async () => {
      twilio.answers = [[201, { status: 'queued' }]];
      const error = await failure(client().placeCall(CALL));
      expect(error).toMatchObject({ kind: 'transient', isOutcomeUnknown: true });
    });

    it.each([429, 500, 503])('asks once, even after HTTP %d', async (status) => {
      twilio.answers = [refusal(status, 20_000 + status, 'no')];
      await failure(client().placeCall(CALL));
      expect(twilio.asked).toHaveLength(1);
    });
  });

  describe('hangup', () => {
    const live: LiveCall = { providerCallId: SID, ownNumber: '+15017122661', farEnd: '+14155551212' };

    it('completes the call', async () => {
      twilio.answers = [[200, { ...CREATED, status: 'completed' }]];
      await client().hangup(live);
      expect(twilio.asked[0]).toMatchObject({
        method: 'POST',
        path: CREATED.uri,
        form: [['Status', 'completed']],
      });
    });

    it.each([
      refusal(400, 21220, 'Call is not in-progress. Cannot redirect.'),
      refusal(404, 20404, `The requested resource ${CREATED.uri} was not found`),
    ])('does not mind a call that is over or unknown: %j', async (...answer) => {
      twilio.answers = [answer];
      await expect(client().hangup(live)).resolves.toBeUndefined();
    });

    it('passes on everything else', async () => {
      twilio.answers = [refusal(401, 20003, 'Authenticate')];
      expect(await failure(client().hangup(live))).toMatchObject({ kind: 'credentials_rejected' });
    });

    it('keeps to the account, whatever the call is called', async () => {
      twilio.answers = [refusal(404, 20404, 'The requested resource was not found')];
      await client().hangup({ ...live, providerCallId: '../IncomingPhoneNumbers/PN1' });
      expect(twilio.asked[0]?.path).toBe(`/2010-04-01/Accounts/${ACCOUNT}/Calls/..%2FIncomingPhoneNumbers%2FPN1.json`);
    });
  });
});
