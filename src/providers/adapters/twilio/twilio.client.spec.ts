import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError } from '../../contract/provider-error';
import type { NumberReference, RouteSnapshot } from '../../contract/route';
import { HttpClient } from '../../support/http-client';
import { TwilioClient } from './twilio.client';
import { TwilioCredentials } from './twilio.credentials';

const ACCOUNT = 'AC755325d45d80675a4727a7a54e1b4ce4';
const TOKEN = '0123456789abcdef0123456789abcdef';
const KEY = 'SK0123456789abcdef0123456789abcdef';
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

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: [string, string][];
  readonly authorization: string | undefined;
}

type Answer = readonly [status: number, body: unknown];

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
// https://www.twilio.com/docs/usage/twilios-response#twilio-api-responses-error-and-status-codes
const refusal = (status: number, code: number, message: string): Answer => [
  status,
  { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
];
const NOT_FOUND = refusal(404, 20404, `The requested resource ${ITEM} was not found`);

describe('TwilioClient', () => {
  let server: Server;
  let origin: string;
  let asked: Asked[];
  let answers: Answer[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', origin);
        asked.push({
          method: request.method ?? '',
          path: url.pathname,
          query: url.searchParams,
          form: [...new URLSearchParams(body)],
          authorization: request.headers.authorization,
        });
        const [status, answer] = answers.shift() ?? [500, {}];
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    asked = [];
    answers = [];
  });

  afterEach(() => expect(answers).toEqual([]));

  const client = (more: Partial<TwilioCredentials> = {}) =>
    new TwilioClient(
      Object.assign(new TwilioCredentials(), { account_sid: ACCOUNT, auth_token: TOKEN, ...more }),
      new HttpClient({ vendor: 'twilio', baseUrl: origin }),
    );

  async function failure(promise: Promise<unknown>): Promise<ProviderError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
    return error;
  }

  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  describe('verify', () => {
    it('lists one number and never reads the account', async () => {
      answers = [page([DOCUMENTED])];
      expect(await client().verify()).toEqual({ verified: true });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({ method: 'GET', path: LIST, authorization: basic(ACCOUNT, TOKEN) });
      expect(asked[0]?.query.get('PageSize')).toBe('1');
    });

    it('proves an API key and the token that signs webhooks', async () => {
      answers = [page([]), page([])];
      await client({ api_key_sid: KEY, api_key_secret: 'secret' }).verify();
      expect(asked.map(({ authorization }) => authorization)).toEqual([basic(KEY, 'secret'), basic(ACCOUNT, TOKEN)]);
    });

    it.each([
      refusal(401, 20003, 'Authenticate'),
      refusal(403, 20403, 'Forbidden'),
      refusal(404, 20404, `The requested resource ${LIST} was not found`),
    ])('throws credentials_rejected for %j', async (...answer) => {
      answers = [answer];
      const error = await failure(client().verify());
      expect(error.kind).toBe('credentials_rejected');
      expect(error.message).not.toContain(TOKEN);
    });

    it.each([[200, {}] as const, [200, 'up'] as const, [200, { incoming_phone_numbers: null }] as const])(
      'does not take %j for a proof',
      async (...answer) => {
        answers = [answer];
        expect(await failure(client().verify())).toMatchObject({ kind: 'transient' });
      },
    );
  });

  describe('numbers', () => {
    const other = { ...DOCUMENTED, sid: 'PN3f94c94562ac88dccf16f8859a1a8b25', phone_number: '+14152374451' };

    async function all(): Promise<unknown[]> {
      const found: unknown[] = [];
      for await (const number of client({ api_key_sid: KEY, api_key_secret: 'secret' }).numbers()) found.push(number);
      return found;
    }

    it('follows next_page_uri to the end', async () => {
      const token = `PA${PN}`;
      answers = [page([DOCUMENTED], `${LIST}?PageSize=1000&Page=1&PageToken=${token}`), page([other])];
      expect(await all()).toEqual([
        { phoneNumber: '+15105647903', providerNumberId: PN },
        { phoneNumber: '+14152374451', providerNumberId: 'PN3f94c94562ac88dccf16f8859a1a8b25' },
      ]);
      expect(asked[0]?.query.get('PageSize')).toBe('1000');
      expect(asked[1]?.query.get('PageToken')).toBe(token);
      expect(asked.every(({ authorization }) => authorization === basic(KEY, 'secret'))).toBe(true);
    });

    it('does not take the credentials to another host', async () => {
      answers = [page([DOCUMENTED], 'https://evil.example.com/next')];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
      expect(asked).toHaveLength(1);
    });

    it('does not go round in circles', async () => {
      const next = `${LIST}?PageSize=1000&Page=1`;
      answers = [page([DOCUMENTED], next), page([other], next)];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
    });

    it('takes no item for granted', async () => {
      answers = [page([{ phone_number: '+15105647903' }])];
      expect(await failure(all())).toMatchObject({ kind: 'transient' });
    });
  });

  describe('find', () => {
    it('compares, since the filter finds parts of numbers', async () => {
      const longer = { ...DOCUMENTED, sid: 'PN00000000000000000000000000000001', phone_number: '+151056479031' };
      answers = [page([longer, DOCUMENTED])];
      expect(await client().find('+15105647903')).toEqual({ phoneNumber: '+15105647903', providerNumberId: PN });
      expect(asked[0]?.query.get('PhoneNumber')).toBe('+15105647903');
      answers = [page([longer])];
      expect(await client().find('+15105647903')).toBeNull();
    });

    it('answers null where there is none', async () => {
      answers = [page([])];
      expect(await client().find('+15105647903')).toBeNull();
    });
  });

  describe('readRoute', () => {
    it('keeps what decides where calls go', async () => {
      answers = [[200, DOCUMENTED]];
      const route = await client().readRoute(NUMBER);
      expect(asked[0]).toMatchObject({ method: 'GET', path: ITEM });
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
        answers = [[200, { ...ROUTED, ...more }]];
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
      answers = [NOT_FOUND, page([{ ...DOCUMENTED, sid: 'PN99999999999999999999999999999999' }])];
      expect((await client().readRoute(NUMBER)).providerNumberId).toBe('PN99999999999999999999999999999999');
      answers = [page([DOCUMENTED])];
      expect((await client().readRoute({ ...NUMBER, providerNumberId: null })).providerNumberId).toBe(PN);
    });

    it('throws not_owned where it is not found by number either', async () => {
      answers = [NOT_FOUND, page([])];
      expect(await failure(client().readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
    });
  });

  describe('route', () => {
    it('posts our URLs and clears what would override them', async () => {
      answers = [[200, ROUTED]];
      await client().route(NUMBER, TARGET);
      expect(asked[0]).toMatchObject({ method: 'POST', path: ITEM });
      expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({
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
      answers = [[200, { ...ROUTED, trunk_sid: `TK${TOKEN}` }]];
      expect(await failure(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
    });

    it('finds a number that was bought again', async () => {
      const again = { ...ROUTED, sid: 'PN99999999999999999999999999999999' };
      answers = [NOT_FOUND, page([again]), [200, again]];
      await client().route(NUMBER, TARGET);
      expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `POST ${ITEM}`,
        `GET ${LIST}`,
        `POST ${ITEM.replace(PN, again.sid)}`,
      ]);
    });

    it('throws not_owned where the account does not hold the number', async () => {
      answers = [NOT_FOUND, page([])];
      expect(await failure(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
      answers = [page([DOCUMENTED]), NOT_FOUND];
      expect(await failure(client().route({ ...NUMBER, providerNumberId: null }, TARGET))).toMatchObject({
        kind: 'not_owned',
      });
    });

    it("tells Twilio's code but not its words", async () => {
      // https://www.twilio.com/docs/api/errors/21402
      answers = [refusal(400, 21402, 'VoiceUrl is not valid: https://user:pw@example.com')];
      const error = await failure(client().route(NUMBER, TARGET));
      expect(error).toMatchObject({ kind: 'permanent', httpStatus: 400, vendorCode: '21402' });
      expect(error.message).toBe('Twilio refused the request (HTTP 400, error 21402)');
    });

    it('passes on that it must wait', async () => {
      answers = [refusal(429, 20429, 'Too Many Requests')];
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
      answers = [
        [200, current],
        [200, DOCUMENTED],
      ];
      asked = [];
      await client().unroute(NUMBER, snapshot, [TARGET]);
      const [, update] = asked;
      if (!update) answers = [];
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
      answers = [
        [200, { ...ROUTED, voice_url: earlier.answerUrl, status_callback: earlier.statusUrl }],
        [200, DOCUMENTED],
      ];
      await client().unroute(NUMBER, former, [TARGET, earlier]);
      expect(asked[1]?.form).toContainEqual(['VoiceUrl', 'https://former.example.com/voice']);
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
      answers = [NOT_FOUND, page([])];
      expect(await failure(client().unroute(NUMBER, former, [TARGET]))).toMatchObject({ kind: 'not_owned' });
    });
  });
});
