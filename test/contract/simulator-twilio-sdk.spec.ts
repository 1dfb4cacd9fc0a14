import { Twilio, RestException } from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';
import Response from 'twilio/lib/http/response';
import { DEMO_SEED, DEMO_TWILIO } from '../../src/simulator/demo-seed';
import { Simulator, startSimulator } from '../../src/simulator/simulator';

const VENDOR_HOST = 'https://api.twilio.com';
const BIG_ACCOUNT = { sid: `AC${'1'.repeat(32)}`, auth_token: 'f'.repeat(32) };
const API_KEY = { sid: `SK${'2'.repeat(32)}`, secret: 'key-secret' };
const TRUNK = `TK${'3'.repeat(32)}`;
const APPLICATION = `AP${'4'.repeat(32)}`;

/** Twilio's own client in every respect but the host it talks to. */
class RedirectedClient extends RequestClient {
  readonly requested: string[] = [];

  constructor(
    private readonly base: string,
    options?: RequestClient.RequestClientOptions,
  ) {
    super(options);
  }

  override request<TData>(options: RequestClient.RequestOptions<TData>): Promise<Response<TData>> {
    expect(options.uri.startsWith(`${VENDOR_HOST}/`)).toBe(true);
    this.requested.push(options.uri);
    return super.request({ ...options, uri: this.base + options.uri.slice(VENDOR_HOST.length) });
  }
}

describe('the official Twilio SDK on the simulator', () => {
  let simulator: Simulator;
  let http: RedirectedClient;

  const clientOf = (user: string, password: string, accountSid?: string) =>
    new Twilio(user, password, { httpClient: http, accountSid });
  const demo = () => clientOf(DEMO_TWILIO.sid, DEMO_TWILIO.auth_token);
  const demoSid = (e164: string) => simulator.twilio.account(DEMO_TWILIO.sid)?.number(e164)?.sid ?? '';
  const target = (e164: string) => simulator.twilio.account(DEMO_TWILIO.sid)?.effectiveVoiceTarget(e164);

  beforeEach(async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    await simulator.seed({
      twilio: {
        accounts: [{ ...BIG_ACCOUNT, api_keys: [API_KEY], generate: { first: '+13105550000', count: 1001 } }],
      },
    });
    http = new RedirectedClient(simulator.url);
  });

  afterEach(() => simulator.close());

  it('reads the account', async () => {
    const account = await demo().api.v2010.accounts(DEMO_TWILIO.sid).fetch();
    expect(account).toMatchObject({
      sid: DEMO_TWILIO.sid,
      ownerAccountSid: DEMO_TWILIO.sid,
      authToken: DEMO_TWILIO.auth_token,
      status: 'active',
      type: 'Full',
    });
    expect(account.dateCreated.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('lists every number once over several pages', async () => {
    const numbers = await clientOf(BIG_ACCOUNT.sid, BIG_ACCOUNT.auth_token).incomingPhoneNumbers.list({
      pageSize: 400,
    });
    expect(numbers).toHaveLength(1001);
    expect(new Set(numbers.map((number) => number.phoneNumber)).size).toBe(1001);
    expect(numbers.at(-1)?.phoneNumber).toBe('+13105551000');
    expect(http.requested).toHaveLength(3);
  });

  it('gets fifty to a page by default and walks forward and back', async () => {
    const { incomingPhoneNumbers } = clientOf(BIG_ACCOUNT.sid, BIG_ACCOUNT.auth_token);
    const first = await incomingPhoneNumbers.page();
    expect(first.instances).toHaveLength(50);
    expect(first.previousPageUrl).toBeUndefined();
    expect(first.nextPageUrl?.startsWith(`${VENDOR_HOST}/2010-04-01/Accounts/${BIG_ACCOUNT.sid}/`)).toBe(true);
    const second = await first.nextPage();
    expect(second?.instances[0]?.phoneNumber).toBe('+13105550050');
    const again = await second?.previousPage();
    expect(again?.instances.map((number) => number.sid)).toEqual(first.instances.map((number) => number.sid));
  });

  it('finds a number, its partial matches, and nothing for one that is not owned', async () => {
    const found = async (phoneNumber: string) =>
      (await demo().incomingPhoneNumbers.list({ phoneNumber })).map((number) => number.phoneNumber);
    expect(await found('+12025551234')).toEqual(['+12025551234']);
    expect(await found('5551234')).toEqual(['+12025551234', '+14165551234']);
    expect(await found('+1***5551234')).toEqual(['+12025551234', '+14165551234']);
    expect(await found('+12025559999')).toEqual([]);
  });

  it('gives every member that the SDK knows of a number', async () => {
    const number = await demo().incomingPhoneNumbers(demoSid('+12025551234')).fetch();
    const json = number.toJSON();
    for (const [member, value] of Object.entries(json)) expect([member, value]).not.toEqual([member, undefined]);
    expect(json).toMatchObject({
      accountSid: DEMO_TWILIO.sid,
      apiVersion: '2010-04-01',
      capabilities: { voice: true, sms: true, mms: true, fax: false },
      phoneNumber: '+12025551234',
      uri: `/2010-04-01/Accounts/${DEMO_TWILIO.sid}/IncomingPhoneNumbers/${number.sid}.json`,
      voiceReceiveMode: 'voice',
    });
    expect(number.sid).toMatch(/^PN[0-9a-f]{32}$/);
    expect(number.dateUpdated).toBeInstanceOf(Date);
    expect(Number.isNaN(number.dateUpdated.getTime())).toBe(false);
  });

  it('updates the voice URL, keeps the rest, and reads it back', async () => {
    const context = demo().incomingPhoneNumbers(demoSid('+12025551234'));
    const updated = await context.update({
      voiceUrl: 'https://agents.example.com/answer?key=a%20b&n=1',
      voiceMethod: 'POST',
    });
    const read = await context.fetch();
    for (const number of [updated, read]) {
      expect(number).toMatchObject({
        voiceUrl: 'https://agents.example.com/answer?key=a%20b&n=1',
        statusCallback: 'https://former.example.com/status',
        friendlyName: '(202) 555-1234',
      });
    }
    expect(target('+12025551234')).toMatchObject({ kind: 'url', voice_method: 'POST' });
  });

  it('deletes the application when a trunk is set, and the other way round', async () => {
    const context = demo().incomingPhoneNumbers(demoSid('+61212345678'));
    expect((await context.fetch()).voiceApplicationSid).toMatch(/^AP/);
    await context.update({ trunkSid: TRUNK });
    expect(await context.fetch()).toMatchObject({ trunkSid: TRUNK, voiceApplicationSid: '' });
    expect(target('+61212345678')).toEqual({ kind: 'trunk', trunk_sid: TRUNK });
    await context.update({ voiceApplicationSid: APPLICATION });
    expect(await context.fetch()).toMatchObject({ trunkSid: null, voiceApplicationSid: APPLICATION });
  });

  it('goes on using the trunk until it is cleared, whatever the voice URL says', async () => {
    const context = demo().incomingPhoneNumbers(demoSid('+442012345678'));
    await context.update({ voiceUrl: 'https://agents.example.com/answer' });
    expect(target('+442012345678')?.kind).toBe('trunk');
    await context.update({ trunkSid: '', voiceApplicationSid: '' });
    expect(target('+442012345678')).toMatchObject({ kind: 'url', voice_url: 'https://agents.example.com/answer' });
  });

  it('takes an API key for numbers, but not for the account', async () => {
    const client = clientOf(API_KEY.sid, API_KEY.secret, BIG_ACCOUNT.sid);
    expect(await client.incomingPhoneNumbers.list({ pageSize: 1, limit: 1 })).toHaveLength(1);
    await expect(client.api.v2010.accounts(BIG_ACCOUNT.sid).fetch()).rejects.toMatchObject({
      status: 401,
      code: 20003,
    });
  });

  describe('refusals', () => {
    const refusalOf = async (attempt: Promise<unknown>): Promise<RestException> => {
      const error: unknown = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(RestException);
      return error as RestException;
    };

    it('401/20003 for wrong credentials', async () => {
      for (const client of [
        clientOf(DEMO_TWILIO.sid, 'wrong'),
        clientOf(`AC${'8'.repeat(32)}`, DEMO_TWILIO.auth_token),
        clientOf(API_KEY.sid, 'wrong', BIG_ACCOUNT.sid),
      ]) {
        expect(await refusalOf(client.incomingPhoneNumbers.list({ limit: 1 }))).toMatchObject({
          status: 401,
          code: 20003,
          message: 'Authenticate',
          moreInfo: 'https://www.twilio.com/docs/errors/20003',
        });
      }
    });

    it('404/20404 for a number that is not there, also when another account owns it', async () => {
      const foreign = simulator.twilio.account(BIG_ACCOUNT.sid)?.numbers()[0]?.sid ?? '';
      for (const sid of [`PN${'0'.repeat(32)}`, foreign]) {
        const { incomingPhoneNumbers } = demo();
        for (const attempt of [
          incomingPhoneNumbers(sid).fetch(),
          incomingPhoneNumbers(sid).update({ voiceUrl: 'https://agents.example.com/' }),
        ]) {
          expect(await refusalOf(attempt)).toMatchObject({
            status: 404,
            code: 20404,
            message: `The requested resource /2010-04-01/Accounts/${DEMO_TWILIO.sid}/IncomingPhoneNumbers/${sid}.json was not found`,
            moreInfo: 'https://www.twilio.com/docs/errors/20404',
          });
        }
      }
    });

    it('404/20404 for the account of somebody else', async () => {
      const attempt = demo().api.v2010.accounts(BIG_ACCOUNT.sid).fetch();
      expect(await refusalOf(attempt)).toMatchObject({ status: 404, code: 20404 });
    });

    it('400/21402 for a URL that is none, and nothing changes', async () => {
      const context = demo().incomingPhoneNumbers(demoSid('+12025551234'));
      const attempt = context.update({ voiceUrl: 'agents.example.com/answer', friendlyName: 'Changed' });
      expect(await refusalOf(attempt)).toMatchObject({
        status: 400,
        code: 21402,
        message: 'VoiceUrl is not a valid URL: agents.example.com/answer',
      });
      expect(await context.fetch()).toMatchObject({
        voiceUrl: 'https://demo.twilio.com/welcome/voice/',
        friendlyName: '(202) 555-1234',
      });
    });

    it('429/20429 when there are too many requests, and 500/20500 when it is broken', async () => {
      simulator.control.twilio.mode.set({ fail_status: 429, fail_count: 1, retry_after_s: 2 });
      expect(await refusalOf(demo().incomingPhoneNumbers.list())).toMatchObject({
        status: 429,
        code: 20429,
        message: 'Too Many Requests',
      });
      expect(http.lastResponse?.headers).toMatchObject({ 'retry-after': '2' });
      simulator.control.twilio.mode.set({ fail_status: 500, fail_count: 1 });
      expect(await refusalOf(demo().incomingPhoneNumbers.list())).toMatchObject({ status: 500, code: 20500 });
      expect(await demo().incomingPhoneNumbers.list()).toHaveLength(6);
    });

    it('the SDK’s own retries get over 429', async () => {
      const patient = new RedirectedClient(simulator.url, { autoRetry: true, maxRetryDelay: 1 });
      simulator.control.twilio.mode.set({ fail_status: 429, fail_count: 2 });
      const client = new Twilio(DEMO_TWILIO.sid, DEMO_TWILIO.auth_token, { httpClient: patient });
      expect(await client.incomingPhoneNumbers.list()).toHaveLength(6);
    });
  });
});
