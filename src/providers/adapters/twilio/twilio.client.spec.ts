import type { NumberPage, NumberReference, RouteSnapshot } from '../../contract/route';
import { ACCOUNT, type Answer, basic, failure, KEY, refusal, ScriptedTwilio, TOKEN } from './twilio.fixture';

const PN = 'PN2a0747eba6abf96b7e3c3ff0b4530f6e';
const LIST = `/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers.json`;
const ITEM = `/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers/${PN}.json`;

/**
 * The item that Twilio's documentation shows as the answer to an update
 * (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource), with the members it has gained since.
 */
const DOCUMENTED = {
  sid: PN,
  account_sid: ACCOUNT,
  friendly_name: 'My Company Line',
  phone_number: '+15105647903',
  voice_url: 'http://demo.twilio.com/docs/voice.xml',
  voice_method: 'POST',
  voice_fallback_url: null,
  voice_fallback_method: 'POST',
  voice_caller_id_lookup: null,
  voice_application_sid: null,
  trunk_sid: null,
  voice_receive_mode: 'voice',
  date_created: 'Mon, 16 Aug 2010 23:00:23 +0000',
  date_updated: 'Mon, 16 Aug 2010 23:00:23 +0000',
  sms_url: 'http://demo.twilio.com/docs/sms.xml',
  sms_method: 'POST',
  sms_fallback_url: null,
  sms_fallback_method: 'GET',
  sms_application_sid: null,
  capabilities: { voice: true, sms: true, mms: false },
  status_callback: null,
  status_callback_method: null,
  api_version: '2010-04-01',
  uri: ITEM,
};

const TARGET = {
  answerUrl: 'https://voice.example.com/inbound/twilio/key',
  statusUrl: 'https://voice.example.com/inbound/twilio/key/status',
};
const ROUTED = {
  ...DOCUMENTED,
  voice_url: TARGET.answerUrl,
  voice_fallback_url: '',
  status_callback: TARGET.statusUrl,
  status_callback_method: 'POST',
  voice_application_sid: '',
  trunk_sid: null,
};
const NUMBER: NumberReference = { phoneNumber: '+15105647903', providerNumberId: PN };

const page = (items: unknown[], next: string | null = null): Answer => [
  200,
  {
    page: 0,
    page_size: 50,
    uri: LIST,
    first_page_uri: `${LIST}?Page=0&PageSize=50`,
    previous_page_uri: null,
    next_page_uri: next,
    incoming_phone_numbers: items,
  },
];
const NOT_FOUND = refusal(404, 20404, `The requested resource ${ITEM} was not found`);

describe('TwilioClient', () => {
  const twilio = new ScriptedTwilio();
  const client = twilio.client.bind(twilio);

  beforeAll(() => twilio.start());
  afterAll(() => twilio.stop());
  beforeEach(() => {
    twilio.asked = [];
    twilio.answers = [];
  });
  afterEach(() => expect(twilio.answers).toEqual([]));

  describe('verify', () => {
    it('lists one number and never reads the account', async () => {
      twilio.answers = [page([DOCUMENTED])];
      expect(await client().verify()).toEqual({ verified: true });
      expect(twilio.asked).toHaveLength(1);
      expect(twilio.asked[0]).toMatchObject({ method: 'GET', path: LIST, authorization: basic(ACCOUNT, TOKEN) });
      expect(twilio.asked[0]?.query.get('PageSize')).toBe('1');
    });

    it('proves an API key and the token that signs webhooks', async () => {
      twilio.answers = [page([]), page([])];
      await client({ api_key_sid: KEY, api_key_secret: 'secret' }).verify();
      expect(twilio.asked.map(({ authorization }) => authorization)).toEqual([
        basic(KEY, 'secret'),
        basic(ACCOUNT, TOKEN),
      ]);
    });

    it.each([
      refusal(401, 20003, 'Authenticate'),
      refusal(403, 20403, 'Forbidden'),
      refusal(404, 20404, `The requested resource ${LIST} was not found`),
    ])('throws credentials_rejected for %j', async (...answer) => {
      twilio.answers = [answer];
      const error = await failure(client().verify());
      expect(error.kind).toBe('credentials_rejected');
      expect(error.message).not.toContain(TOKEN);
    });

    it.each([[200, {}] as const, [200, 'up'] as const, [200, { incoming_phone_numbers: null }] as const])(
      'does not take %j for a proof',
      async (...answer) => {
        twilio.answers = [answer];
        expect(await failure(client().verify())).toMatchObject({ kind: 'transient' });
      },
    );
  });

  describe('numbers', () => {
    const other = { ...DOCUMENTED, sid: 'PN3f94c94562ac88dccf16f8859a1a8b25', phone_number: '+14152374451' };

    async function all(after: string | null = null): Promise<NumberPage[]> {
      const found: NumberPage[] = [];
      const pages = client({ api_key_sid: KEY, api_key_secret: 'secret' }).numbers(after);
      for await (const each of pages) found.push(each);
      return found;
    }

    it('follows next_page_uri to the end', async () => {
      const next = `${LIST}?PageSize=1000&Page=1&PageToken=PA${PN}`;
      twilio.answers = [page([DOCUMENTED], next), page([other])];
      expect(await all()).toEqual([
        { numbers: [{ phoneNumber: '+15105647903', providerNumberId: PN }], next },
        { numbers: [{ phoneNumber: '+14152374451', providerNumberId: other.sid }], next: null },
      ]);
      expect(twilio.asked[0]?.query.get('PageSize')).toBe('1000');
      expect(twilio.asked[1]?.query.get('PageToken')).toBe(`PA${PN}`);
      expect(twilio.asked.every(({ authorization }) => authorization === basic(KEY, 'secret'))).toBe(true);
    });

    it('goes on behind a page read before', async () => {
      twilio.answers = [page([other])];
      const [last] = await all(`${LIST}?PageSize=1000&Page=1&PageToken=PA${PN}`);
      expect(last).toMatchObject({ numbers: [{ phoneNumber: '+14152374451' }], next: null });
      expect(twilio.asked).toHaveLength(1);
      expect(twilio.asked[0]?.path).toBe(LIST);
      expect(Object.fromEntries(twilio.asked[0]?.query ?? [])).toEqual({
        PageSize: '1000',
        Page: '1',
        PageToken: `PA${PN}`,
      });
    });

    it('fetches a page only when it is asked for', async () => {
      twilio.answers = [page([DOCUMENTED], `${LIST}?PageSize=1000&Page=1`)];
      const pages = client().numbers(null)[Symbol.asyncIterator]();
      expect(twilio.asked).toHaveLength(0);
      await pages.next();
      expect(twilio.asked).toHaveLength(1);
      await pages.return?.();
    });

    it('leaves out what is no E.164 number', async () => {
      const shortCode = { ...other, phone_number: '894546' };
      twilio.answers = [page([shortCode, DOCUMENTED])];
      expect(await all()).toEqual([{ numbers: [{ phoneNumber: '+15105647903', providerNumberId: PN }], next: null }]);
    });

    it.each(['https://evil.example.com/next', '//evil.example.com/next', 'https://api.twilio.com@evil.example.com/'])(
      'begins nowhere else: %s',
      async (after) => {
        expect(await failure(all(after))).toMatchObject({ kind: 'transient' });
        expect(twilio.asked).toHaveLength(0);
      },
    );

    it('hands on no cursor that is too long to be kept', async () => {
      twilio.answers = [page([DOCUMENTED], `${LIST}?PageToken=${'x'.repeat(1024)}`)];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
    });

    it('does not take the credentials to another host', async () => {
      twilio.answers = [page([DOCUMENTED], 'https://evil.example.com/next')];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
      expect(twilio.asked).toHaveLength(1);
    });

    it('does not go round in circles', async () => {
      const next = `${LIST}?PageSize=1000&Page=1`;
      twilio.answers = [page([DOCUMENTED], next), page([other], next)];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
    });

    it('takes no item for granted', async () => {
      twilio.answers = [page([{ phone_number: '+15105647903' }])];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
    });
  });

  describe('find', () => {
    it('compares, since the filter finds parts of numbers', async () => {
      const longer = { ...DOCUMENTED, sid: 'PN00000000000000000000000000000001', phone_number: '+151056479031' };
      twilio.answers = [page([longer, DOCUMENTED])];
      expect(await client().find('+15105647903')).toEqual({ phoneNumber: '+15105647903', providerNumberId: PN });
      expect(twilio.asked[0]?.query.get('PhoneNumber')).toBe('+15105647903');
      twilio.answers = [page([longer])];
      expect(await client().find('+15105647903')).toBeNull();
    });

    it('answers null where there is none', async () => {
      twilio.answers = [page([])];
      expect(await client().find('+15105647903')).toBeNull();
    });
  });

  describe('readRoute', () => {
    it('keeps what decides where calls go', async () => {
      twilio.answers = [[200, DOCUMENTED]];
      const route = await client().readRoute(NUMBER);
      expect(twilio.asked[0]).toMatchObject({ method: 'GET', path: ITEM });
      expect(route.providerNumberId).toBe(PN);
      expect(route.snapshot).toEqual({
        voice_url: 'http://demo.twilio.com/docs/voice.xml',
        voice_method: 'POST',
        voice_fallback_url: null,
        voice_fallback_method: 'POST',
        status_callback: null,
        status_callback_method: null,
        voice_application_sid: null,
        trunk_sid: null,
        voice_receive_mode: 'voice',
      });
      expect(route.matches(TARGET)).toBe(false);
    });

    it('matches only what nothing overrides', async () => {
      const matches = async (more: object) => {
        twilio.answers = [[200, { ...ROUTED, ...more }]];
        return (await client().readRoute(NUMBER)).matches(TARGET);
      };
      expect(await matches({})).toBe(true);
      expect(await matches({ trunk_sid: `TK${TOKEN}` })).toBe(false);
      expect(await matches({ voice_application_sid: `AP${TOKEN}` })).toBe(false);
      expect(await matches({ voice_receive_mode: 'fax' })).toBe(false);
      expect(await matches({ voice_url: `${TARGET.answerUrl}/` })).toBe(false);
      expect(await matches({ voice_method: 'GET' })).toBe(false);
      expect(await matches({ status_callback: '' })).toBe(false);
      expect(await matches({ status_callback_method: 'GET' })).toBe(false);
    });

    it('looks the number up again when its sid is gone', async () => {
      twilio.answers = [NOT_FOUND, page([{ ...DOCUMENTED, sid: 'PN99999999999999999999999999999999' }])];
      expect((await client().readRoute(NUMBER)).providerNumberId).toBe('PN99999999999999999999999999999999');
      twilio.answers = [page([DOCUMENTED])];
      expect((await client().readRoute({ ...NUMBER, providerNumberId: null })).providerNumberId).toBe(PN);
    });

    it('throws not_owned where it is not found by number either', async () => {
      twilio.answers = [NOT_FOUND, page([])];
      expect(await failure(client().readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
    });
  });

  describe('route', () => {
    it('posts our URLs and clears what would override them', async () => {
      twilio.answers = [[200, ROUTED]];
      await client().route(NUMBER, TARGET);
      expect(twilio.asked[0]).toMatchObject({ method: 'POST', path: ITEM });
      expect(Object.fromEntries(twilio.asked[0]?.form ?? [])).toEqual({
        VoiceUrl: TARGET.answerUrl,
        VoiceMethod: 'POST',
        VoiceFallbackUrl: '',
        StatusCallback: TARGET.statusUrl,
        StatusCallbackMethod: 'POST',
        VoiceReceiveMode: 'voice',
        VoiceApplicationSid: '',
        TrunkSid: '',
      });
    });

    it('does not believe a 200 that shows another route', async () => {
      twilio.answers = [[200, { ...ROUTED, trunk_sid: `TK${TOKEN}` }]];
      expect(await failure(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
    });

    it('finds a number that was bought again', async () => {
      const again = { ...ROUTED, sid: 'PN99999999999999999999999999999999' };
      twilio.answers = [NOT_FOUND, page([again]), [200, again]];
      await client().route(NUMBER, TARGET);
      expect(twilio.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `POST ${ITEM}`,
        `GET ${LIST}`,
        `POST ${ITEM.replace(PN, again.sid)}`,
      ]);
    });

    it('throws not_owned where the account does not hold the number', async () => {
      twilio.answers = [NOT_FOUND, page([])];
      expect(await failure(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
      twilio.answers = [page([DOCUMENTED]), NOT_FOUND];
      expect(await failure(client().route({ ...NUMBER, providerNumberId: null }, TARGET))).toMatchObject({
        kind: 'not_owned',
      });
    });

    it("tells Twilio's code but not its words", async () => {
      // https://www.twilio.com/docs/api/errors/21402
      twilio.answers = [refusal(400, 21402, 'VoiceUrl is not valid: https://user:pw@example.com')];
      const error = await failure(client().route(NUMBER, TARGET));
      expect(error).toMatchObject({ kind: 'permanent', httpStatus: 400, vendorCode: '21402' });
      expect(error.message).toBe('Twilio refused the request (HTTP 400, error 21402)');
    });

    it('passes on that it must wait', async () => {
      twilio.answers = [refusal(429, 20429, 'Too Many Requests')];
      expect(await failure(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'rate_limited', httpStatus: 429 });
    });
  });

  describe('unroute', () => {
    const former: RouteSnapshot = {
      voice_url: 'https://former.example.com/voice',
      voice_method: 'GET',
      voice_fallback_url: null,
      voice_fallback_method: null,
      status_callback: null,
      status_callback_method: null,
      voice_application_sid: null,
      trunk_sid: null,
      voice_receive_mode: 'voice',
    };

    /** What is posted when Twilio shows `current` (our route unless told otherwise). */
    async function posted(snapshot: RouteSnapshot | null, current: object = ROUTED): Promise<[string, string][]> {
      twilio.answers = [
        [200, current],
        [200, DOCUMENTED],
      ];
      twilio.asked = [];
      await client().unroute(NUMBER, snapshot, [TARGET]);
      const [, update] = twilio.asked;
      if (!update) twilio.answers = [];
      return update?.form ?? [];
    }

    it('posts the former URLs, clears those that were not set, and leaves methods that were not', async () => {
      expect(await posted(former)).toEqual([
        ['StatusCallback', ''],
        ['VoiceUrl', 'https://former.example.com/voice'],
        ['VoiceMethod', 'GET'],
        ['VoiceReceiveMode', 'voice'],
      ]);
    });

    it('leaves alone what somebody else has set since', async () => {
      const theirs = 'https://theirs.example.com';
      expect(await posted(former, { ...ROUTED, voice_url: theirs, status_callback: theirs })).toEqual([]);
      expect(await posted(former, { ...ROUTED, voice_url: theirs })).toEqual([['StatusCallback', '']]);
      expect(await posted(former, { ...ROUTED, status_callback: theirs, voice_method: 'GET' })).toEqual([
        ['VoiceUrl', 'https://former.example.com/voice'],
        ['VoiceMethod', 'GET'],
        ['VoiceReceiveMode', 'voice'],
      ]);
    });

    it('puts our URL out of a number whose owner has set a trunk, and leaves the trunk', async () => {
      const overridden = { ...ROUTED, trunk_sid: `TK${'f'.repeat(32)}` };
      const form = Object.fromEntries(await posted({ ...former, trunk_sid: `TK${TOKEN}` }, overridden));
      expect(form.VoiceUrl).toBe('https://former.example.com/voice');
      expect(form).not.toHaveProperty('TrunkSid');
    });

    it('counts as ours what an earlier target had set', async () => {
      const earlier = { answerUrl: 'https://old.example.com/in', statusUrl: 'https://old.example.com/in/status' };
      twilio.answers = [
        [200, { ...ROUTED, voice_url: earlier.answerUrl, status_callback: earlier.statusUrl }],
        [200, DOCUMENTED],
      ];
      await client().unroute(NUMBER, former, [TARGET, earlier]);
      expect(twilio.asked[1]?.form).toContainEqual(['VoiceUrl', 'https://former.example.com/voice']);
    });

    it('puts back every member that was set', async () => {
      const full = {
        voice_url: 'https://a.example/1',
        voice_method: 'POST',
        voice_fallback_url: 'https://a.example/2',
        voice_fallback_method: 'GET',
        status_callback: 'https://a.example/3',
        status_callback_method: 'POST',
        voice_application_sid: null,
        trunk_sid: null,
        voice_receive_mode: 'fax',
      };
      expect(Object.fromEntries(await posted(full))).toEqual({
        VoiceUrl: 'https://a.example/1',
        VoiceMethod: 'POST',
        VoiceFallbackUrl: 'https://a.example/2',
        VoiceFallbackMethod: 'GET',
        StatusCallback: 'https://a.example/3',
        StatusCallbackMethod: 'POST',
        VoiceReceiveMode: 'fax',
      });
    });

    it('sends a trunk or an application alone and last, since each deletes the other', async () => {
      const trunk = await posted({ ...former, trunk_sid: `TK${TOKEN}` });
      expect(trunk.at(-1)).toEqual(['TrunkSid', `TK${TOKEN}`]);
      expect(trunk.map(([name]) => name)).not.toContain('VoiceApplicationSid');
      const application = await posted({ ...former, voice_application_sid: `AP${TOKEN}` });
      expect(application.at(-1)).toEqual(['VoiceApplicationSid', `AP${TOKEN}`]);
      expect(application.map(([name]) => name)).not.toContain('TrunkSid');
    });

    it('clears our URLs where nothing is known of the former route', async () => {
      expect(await posted(null)).toEqual([
        ['StatusCallback', ''],
        ['VoiceUrl', ''],
      ]);
    });

    it('throws not_owned for a number that was released', async () => {
      twilio.answers = [NOT_FOUND, page([])];
      expect(await failure(client().unroute(NUMBER, former, [TARGET]))).toMatchObject({ kind: 'not_owned' });
    });
  });
});
