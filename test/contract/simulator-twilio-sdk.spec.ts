import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RestException, twiml, Twilio, validateExpressRequest, validateRequest } from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient';
import Response from 'twilio/lib/http/response';
import type { CallListInstanceOptions } from 'twilio/lib/rest/api/v2010/account/call';
import { DEMO_SEED } from '../../src/simulator/demo-seed';
import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import { Simulator, startSimulator } from '../../src/simulator/simulator';
import { eventually } from '../support/eventually';

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

  describe('calls', () => {
    interface Captured {
      readonly method: string;
      /** Path and query, as they came in. */
      readonly path: string;
      readonly headers: IncomingHttpHeaders;
      readonly body: string;
    }

    const NUMBER = '+12025551234';
    const CALLEE = '+442071838750';
    let us: Server;
    let origin: string;
    let captured: Captured[];
    let document: string;
    let statusAnswered: Promise<void>;

    beforeEach(async () => {
      captured = [];
      statusAnswered = Promise.resolve();
      const response = new twiml.VoiceResponse();
      response
        .connect()
        .stream({ url: 'wss://agent.example.com/media' })
        .parameter({ name: 'call_id', value: 'call_1' });
      document = response.toString();
      us = createServer((request, answer) => {
        let body = '';
        request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        request.on('end', () => {
          const { method = '', url = '', headers } = request;
          captured.push({ method, path: url, headers, body });
          const isStatus = url.startsWith('/status');
          const send = () => answer.writeHead(200, { 'content-type': 'text/xml' }).end(isStatus ? '' : document);
          if (isStatus) void statusAnswered.then(send);
          else send();
        });
      });
      await new Promise<void>((resolve) => us.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(us.address() as AddressInfo).port}`;
    });

    afterEach(() => {
      us.closeAllConnections();
      us.close();
    });

    const place = (more: object = {}) =>
      demo().calls.create({
        to: CALLEE,
        from: NUMBER,
        url: `${origin}/voice`,
        statusCallback: `${origin}/status`,
        statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
        timeout: 30,
        ...more,
      });

    async function admin(path: string, body: object): Promise<Record<string, unknown>> {
      const response = await fetch(`${simulator.url}/_sim/twilio${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    }

    const fieldsOf = ({ method, path, body }: Captured) =>
      Object.fromEntries(method === 'GET' ? new URL(path, origin).searchParams : new URLSearchParams(body));
    const statuses = () => captured.filter(({ path }) => path.startsWith('/status')).map(fieldsOf);

    function isAuthentic(request: Captured, token: string): boolean {
      const signature = String(request.headers['x-twilio-signature']);
      const params = request.method === 'GET' ? {} : fieldsOf(request);
      return validateRequest(token, signature, `${origin}${request.path}`, params);
    }

    it('places a call, reads it, and ends it', async () => {
      const placed = await place();
      expect(http.lastResponse?.statusCode).toBe(201);
      expect(placed).toMatchObject({ to: CALLEE, from: NUMBER, status: 'queued', direction: 'outbound-api' });
      await eventually(
        () => captured,
        (all) => all.some(({ path }) => path === '/voice'),
      );
      const live = await demo().calls(placed.sid).fetch();
      expect(live).toMatchObject({ sid: placed.sid, status: 'in-progress', duration: null, endTime: null });
      expect(await demo().calls(placed.sid).update({ status: 'canceled' })).toMatchObject({ status: 'in-progress' });
      expect(await demo().calls(placed.sid).update({ status: 'completed' })).toMatchObject({ status: 'completed' });
      const over = await demo().calls(placed.sid).fetch();
      expect(over).toMatchObject({ status: 'completed', duration: '0' });
      expect(over.endTime).toBeInstanceOf(Date);
      await eventually(statuses, (told) => told.length === 4);
      const words = statuses().sort((one, other) => Number(one.SequenceNumber) - Number(other.SequenceNumber));
      expect(words.map(({ CallStatus: status }) => status)).toEqual([
        'initiated',
        'ringing',
        'in-progress',
        'completed',
      ]);
    });

    it('gives every member that the SDK knows of a call', async () => {
      const { sid } = await place();
      const json = (await demo().calls(sid).fetch()).toJSON() as Record<string, unknown>;
      for (const [member, value] of Object.entries(json)) expect([member, value]).not.toEqual([member, undefined]);
      expect(json).toMatchObject({
        accountSid: DEMO_TWILIO.sid,
        apiVersion: '2010-04-01',
        fromFormatted: '(202) 555-1234',
      });
    });

    it('lists calls, the newest first, page by page', async () => {
      const sids: string[] = [];
      for (let index = 0; index < 3; index += 1) sids.push((await place()).sid);
      const listed = await demo().calls.list({ pageSize: 2 });
      expect(listed.map(({ sid }) => sid)).toEqual(sids.reverse());
      expect(await demo().calls.list({ to: '+442071838751' })).toEqual([]);
      expect(await clientOf(BIG_ACCOUNT.sid, BIG_ACCOUNT.auth_token).calls.list()).toEqual([]);
    });

    it('finds calls by their numbers, their status and their time', async () => {
      const { sid } = await place();
      await eventually(
        () => captured,
        (all) => all.some(({ path }) => path === '/voice'),
      );
      const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000);
      const found = async (filter: CallListInstanceOptions) =>
        (await demo().calls.list(filter)).map((call) => call.sid);
      expect(await found({ from: NUMBER, to: CALLEE, startTimeAfter: hour(-1), startTimeBefore: hour(1) })).toEqual([
        sid,
      ]);
      expect(await found({ startTime: new Date() })).toEqual([sid]);
      expect(await found({ status: 'in-progress' })).toEqual([sid]);
      const none = [
        { from: CALLEE },
        { to: NUMBER },
        { status: 'queued' as const },
        { parentCallSid: sid },
        { startTimeAfter: hour(1) },
        { startTimeBefore: hour(-1) },
        { startTime: hour(-48) },
        { endTimeAfter: hour(-1) },
      ];
      for (const filter of none) expect([filter, await found(filter)]).toEqual([filter, []]);
      await demo().calls(sid).update({ status: 'completed' });
      expect(await found({ endTimeAfter: hour(-1), endTimeBefore: hour(1) })).toEqual([sid]);
    });

    it('keeps the filters from page to page', async () => {
      for (let index = 0; index < 3; index += 1) await place();
      await eventually(
        () => captured,
        (all) => all.filter(({ path }) => path === '/voice').length === 3,
      );
      const first = await demo().calls.page({ to: CALLEE, startTimeAfter: new Date(0), pageSize: 2 });
      expect(first.instances).toHaveLength(2);
      expect(first.nextPageUrl).toContain('StartTime%3E=1970-01-01');
      expect(first.nextPageUrl).toContain(`To=${encodeURIComponent(CALLEE)}`);
      expect((await first.nextPage())?.instances).toHaveLength(1);
    });

    it('cancels a call that rings, and ends none twice', async () => {
      let pickUp: () => void = () => undefined;
      statusAnswered = new Promise((resolve) => (pickUp = resolve));
      const { sid } = await place({ statusCallbackEvent: ['ringing'] });
      await eventually(statuses, (told) => told.length > 0);
      expect((await demo().calls(sid).fetch()).status).toBe('ringing');
      expect((await demo().calls(sid).update({ status: 'completed' })).status).toBe('canceled');
      pickUp();
      await expect(demo().calls(sid).update({ status: 'completed' })).rejects.toMatchObject({
        status: 400,
        code: 21220,
        message: 'Call is not in-progress. Cannot redirect.',
      });
    });

    it.each<[object, number]>([
      [{ to: '0207' }, 21211],
      [{ from: '0207' }, 21212],
      [{ from: '+13105550000' }, 21210],
      [{ url: 'voice.example.com' }, 21205],
      [{ timeout: 601 }, 21208],
    ])('refuses a call with %j by 400/%i', async (bad, code) => {
      await expect(place(bad)).rejects.toMatchObject({ status: 400, code });
      expect(captured).toEqual([]);
    });

    it('404/20404 for a call that is not there, also when another account placed it', async () => {
      const { sid } = await place();
      const other = clientOf(BIG_ACCOUNT.sid, BIG_ACCOUNT.auth_token);
      for (const attempt of [
        other.calls(sid).fetch(),
        demo()
          .calls(`CA${'0'.repeat(32)}`)
          .update({ status: 'completed' }),
      ]) {
        await expect(attempt).rejects.toMatchObject({ status: 404, code: 20404 });
      }
    });

    it.each(['POST', 'GET'])('signs a call from outside, asked by %s, so that the SDK accepts it', async (method) => {
      await demo()
        .incomingPhoneNumbers(demoSid(NUMBER))
        .update({
          voiceUrl: `${origin}/voice?key=a%20b`,
          voiceMethod: method,
          statusCallback: `${origin}/status`,
          statusCallbackMethod: method,
        });
      const call = await admin('/call', {
        from: '+14158675309',
        to: NUMBER,
        end: { status: 'completed', duration_s: 12 },
      });
      expect(call).toMatchObject({
        status: 'completed',
        understood: { action: 'stream', url: 'wss://agent.example.com/media', parameters: { call_id: 'call_1' } },
      });
      expect(captured.map((each) => each.method)).toEqual([method, method]);
      for (const request of captured) {
        expect(isAuthentic(request, DEMO_TWILIO.auth_token)).toBe(true);
        expect(isAuthentic(request, BIG_ACCOUNT.auth_token)).toBe(false);
        const forged = (text: string) => text.replaceAll('12025551234', '12025551235');
        const other = { ...request, path: forged(request.path), body: forged(request.body) };
        expect(isAuthentic(other, DEMO_TWILIO.auth_token)).toBe(false);
      }
      expect(statuses()).toMatchObject([{ CallStatus: 'completed', CallDuration: '12', Direction: 'inbound' }]);
      expect(await demo().calls(String(call.id)).fetch()).toMatchObject({ direction: 'inbound', duration: '12' });
    });

    it('signs what it tells of a placed call so that the SDK’s middleware accepts it', async () => {
      await admin('/outcome', { to: CALLEE, status: 'busy' });
      const { sid } = await place({ statusCallbackEvent: ['completed'] });
      await eventually(statuses, (told) => told.length > 0);
      expect(statuses()).toMatchObject([{ CallSid: sid, CallStatus: 'busy', SequenceNumber: '0' }]);
      const [request] = captured;
      const express = {
        protocol: 'http',
        originalUrl: request?.path,
        headers: request?.headers,
        header: (name: string) => request?.headers[name.toLowerCase()],
        body: request && fieldsOf(request),
      } as unknown as Parameters<typeof validateExpressRequest>[0];
      expect(validateExpressRequest(express, DEMO_TWILIO.auth_token)).toBe(true);
      expect(validateExpressRequest(express, BIG_ACCOUNT.auth_token)).toBe(false);
      expect((await demo().calls(sid).fetch()).status).toBe('busy');
    });

    it('follows what the SDK builds', async () => {
      await demo()
        .incomingPhoneNumbers(demoSid(NUMBER))
        .update({ voiceUrl: `${origin}/voice` });
      const understood = async (build: (response: InstanceType<typeof twiml.VoiceResponse>) => void) => {
        const response = new twiml.VoiceResponse();
        build(response);
        document = response.toString();
        return (await admin('/call', { from: '+14158675309', to: NUMBER })).understood;
      };
      expect(
        await understood((response) => void response.dial({ callerId: NUMBER, answerOnBridge: true }).number(CALLEE)),
      ).toEqual({ action: 'dial', to: CALLEE, caller_id: NUMBER });
      expect(
        await understood((response) => void response.dial().sip('sip:agent@sip.example.com;transport=tls')),
      ).toEqual({ action: 'sip', uri: 'sip:agent@sip.example.com;transport=tls', caller_id: null });
      expect(await understood((response) => void response.say({ language: 'en-IN' }, '<&"\'> 😀'))).toEqual({
        action: 'say',
        text: '<&"\'> 😀',
        language: 'en-IN',
      });
      expect(await understood((response) => void response.reject({ reason: 'busy' }))).toEqual({
        action: 'reject',
        reason: 'busy',
      });
      expect(await understood((response) => void response.hangup())).toEqual({ action: 'hangup' });
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
