import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import axios, { AxiosError } from 'axios';
import { Bxml, CallsApi, CallStateEnum, Configuration, StatisticsApi } from 'bandwidth-sdk';
import { XMLParser } from 'fast-xml-parser';
import {
  DEMO_BANDWIDTH,
  DEMO_BANDWIDTH_LEGACY,
  DEMO_BANDWIDTH_SEED,
} from '../../src/simulator/bandwidth/bandwidth.demo';
import { SimCall } from '../../src/simulator/core/call';
import { Simulator, startSimulator } from '../../src/simulator/simulator';

const TOKEN_HOST = 'https://api.bandwidth.com';
const ROUTED = '+19195551201';
const CALLER = '+12025550100';
const CALLEE = '+12025550123';

interface Received {
  method: string | undefined;
  path: string | undefined;
  authorization: string | undefined;
  contentType: string | undefined;
  event: Record<string, unknown>;
}

describe('the official Bandwidth SDK on the simulator', () => {
  let simulator: Simulator;
  let us: Server;
  let base: string;
  let received: Received[];
  let document: () => { type: string; body: string };
  let tokenRequests: number;
  let redirection: number;

  const api = (parameters: ConstructorParameters<typeof Configuration>[0]) => {
    const configuration = new Configuration(parameters);
    // The production host of the generated calls gives way to a base of the HTTP client.
    const redirected = axios.create({ baseURL: `${simulator.vendorUrl('bandwidth')}/api/v2` });
    return {
      calls: new CallsApi(configuration, undefined, redirected),
      statistics: new StatisticsApi(configuration, undefined, redirected),
    };
  };
  const oauth = () => api({ clientId: DEMO_BANDWIDTH.client_id, clientSecret: DEMO_BANDWIDTH.client_secret });
  const basic = () => api({ username: DEMO_BANDWIDTH.username, password: DEMO_BANDWIDTH.password });
  const { account_id: accountId } = DEMO_BANDWIDTH;

  const create = (fields: object = {}) => ({
    from: ROUTED,
    to: CALLEE,
    applicationId: applicationId(),
    answerUrl: `${base}/answer`,
    ...fields,
  });
  const applicationId = () => simulator.bandwidth.account(accountId)?.applications[0]?.ApplicationId ?? '';
  const bxml = (...verbs: unknown[]) => new Bxml.Response(verbs as Bxml.Hangup[]).toBxml();
  const statesOf = async (callId: string) => (await oauth().calls.getCallState(accountId, callId)).data;
  const until = async (event: string): Promise<Received> => {
    for (;;) {
      const found = received.find((each) => each.event.eventType === event);
      if (found) return found;
      await new Promise(setImmediate);
    }
  };

  beforeEach(async () => {
    simulator = await startSimulator({ seed: { bandwidth: DEMO_BANDWIDTH_SEED } });
    tokenRequests = 0;
    redirection = axios.interceptors.request.use((config) => {
      if (!config.url?.startsWith(TOKEN_HOST)) return config;
      tokenRequests += 1;
      return { ...config, url: simulator.vendorUrl('bandwidth') + config.url.slice(TOKEN_HOST.length) };
    });
    received = [];
    document = () => ({ type: 'application/xml', body: bxml(new Bxml.Hangup()) });
    us = createServer((request, response) => {
      void read(request).then((text) => {
        received.push({
          method: request.method,
          path: request.url,
          authorization: request.headers.authorization,
          contentType: request.headers['content-type'],
          event: JSON.parse(text) as Record<string, unknown>,
        });
        const { type, body } = document();
        response.writeHead(200, { 'content-type': type }).end(body);
      });
    });
    await new Promise<void>((resolve) => us.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(us.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    axios.interceptors.request.eject(redirection);
    await simulator.close();
    us.closeAllConnections();
    await new Promise((resolve) => us.close(resolve));
  });

  it('exchanges client credentials for a token once, and reads the statistics with it', async () => {
    const { statistics } = oauth();
    expect((await statistics.getStatistics(accountId)).data).toEqual({
      currentCallQueueSize: 0,
      maxCallQueueSize: 900,
    });
    await statistics.getStatistics(accountId);
    expect(tokenRequests).toBe(1);
  });

  it('takes the API user as well', async () => {
    expect((await basic().statistics.getStatistics(accountId)).status).toBe(200);
    expect(tokenRequests).toBe(0);
  });

  it('places a call, asks for the document once it is answered, and tells of the end', async () => {
    const stream = new Bxml.StartStream(
      { name: 'agent', mode: 'bidirectional', destination: 'wss://agent.example.com/ws' },
      new Bxml.StreamParam({ name: 'token', value: '<&"\'>' }),
    );
    document = () => ({
      type: 'application/xml; charset=utf-8',
      body: bxml(stream, new Bxml.StopStream({ name: 'agent', wait: true })),
    });
    const credentials = { username: 'us', password: 'our-password' };
    const { data, headers } = await oauth().calls.createCall(
      accountId,
      create({ ...credentials, disconnectUrl: `${base}/disconnect`, tag: 'ours' }),
    );
    expect(data).toMatchObject({
      accountId,
      callId: expect.stringMatching(/^c-[0-9a-f]{8}(-[0-9a-f]{4,12}){5}$/) as string,
      callUrl: `https://voice.bandwidth.com/api/v2/accounts/${accountId}/calls/${data.callId}`,
      from: ROUTED,
      to: CALLEE,
      answerMethod: 'POST',
      disconnectMethod: 'POST',
      callTimeout: 30,
      callbackTimeout: 15,
      priority: 5,
      tag: 'ours',
    });
    expect(headers.location).toBe(data.callUrl);

    const authorization = `Basic ${Buffer.from('us:our-password').toString('base64')}`;
    expect(await until('answer')).toMatchObject({
      method: 'POST',
      path: '/answer',
      authorization,
      contentType: 'application/json',
      event: { accountId, applicationId: applicationId(), callId: data.callId, direction: 'outbound', tag: 'ours' },
    });
    expect(await statesOf(data.callId)).toMatchObject({ state: 'answered', direction: 'outbound', endTime: null });

    await oauth().calls.updateCall(accountId, data.callId, { state: CallStateEnum.Completed });
    expect(await until('disconnect')).toMatchObject({
      path: '/disconnect',
      authorization,
      event: { callId: data.callId, cause: 'hangup', errorMessage: null, answerTime: expect.any(String) as string },
    });
    expect(await statesOf(data.callId)).toMatchObject({ state: 'disconnected', disconnectCause: 'hangup' });
    expect(simulator.bandwidth.calls.find(data.callId)?.understood).toEqual({
      action: 'stream',
      url: 'wss://agent.example.com/ws',
      parameters: { token: '<&"\'>' },
    });
  });

  it('lists calls, from the oldest to the newest, and links to the next page', async () => {
    simulator.bandwidth.calls.setOutcome(CALLEE, 'busy');
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      ids.push((await oauth().calls.createCall(accountId, create())).data.callId);
    }
    while (simulator.bandwidth.calls.list().some(({ status }) => status !== 'busy')) await new Promise(setImmediate);
    const { calls } = oauth();
    const all = await calls.listCalls(accountId);
    expect(all.data.map(({ callId }) => callId)).toEqual(ids);
    expect(all.data[0]).toMatchObject({ from: ROUTED, to: CALLEE, direction: 'outbound', state: 'disconnected' });
    expect(all.headers.link).toBeUndefined();

    const first = await calls.listCalls(accountId, CALLEE, ROUTED, undefined, undefined, undefined, 2);
    expect(first.data.map(({ callId }) => callId)).toEqual(ids.slice(0, 2));
    const [, url = ''] = /^<(.*)>; rel="next"$/.exec(String(first.headers.link)) ?? [];
    const next = new URL(url);
    expect(next.origin + next.pathname).toBe(`https://voice.bandwidth.com/api/v2/accounts/${accountId}/calls`);
    const token = next.searchParams.get('pageToken') ?? undefined;
    const second = await calls.listCalls(accountId, CALLEE, ROUTED, undefined, undefined, undefined, 2, token);
    expect(second.data.map(({ callId }) => callId)).toEqual(ids.slice(2));
    expect(second.headers.link).toBeUndefined();
  });

  it('finds calls by their numbers, their start and their end', async () => {
    simulator.bandwidth.calls.setOutcome(CALLEE, 'busy');
    await oauth().calls.createCall(accountId, create());
    while (simulator.bandwidth.calls.list().some(({ status }) => status !== 'busy')) await new Promise(setImmediate);
    const { calls } = oauth();
    const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const count = async (...filter: (string | undefined)[]) => {
      const [to, from, min, max, cause] = filter;
      return (await calls.listCalls(accountId, to, from, min, max, cause)).data.length;
    };
    expect(await count(CALLEE, ROUTED, hour(-1), hour(1), 'busy')).toBe(1);
    expect(await count(ROUTED)).toBe(0);
    expect(await count(undefined, CALLEE)).toBe(0);
    expect(await count(undefined, undefined, hour(1))).toBe(0);
    expect(await count(undefined, undefined, undefined, hour(-1))).toBe(0);
    expect(await count(undefined, undefined, undefined, undefined, 'hangup')).toBe(0);
  });

  it.each([
    ['busy', 'busy'],
    ['no_answer', 'timeout'],
  ] as const)('a call that ends %s is disconnected with the cause %s', async (outcome, cause) => {
    simulator.bandwidth.calls.setOutcome(CALLEE, outcome);
    const { data } = await oauth().calls.createCall(accountId, create({ disconnectUrl: `${base}/disconnect` }));
    expect((await until('disconnect')).event).toMatchObject({ cause, answerTime: null });
    expect(await statesOf(data.callId)).toMatchObject({ disconnectCause: cause });
    expect(received.filter(({ event }) => event.eventType === 'answer')).toEqual([]);
  });

  const transfer = (target: Bxml.SipUri | Bxml.PhoneNumber) =>
    new Bxml.Transfer({ transferCallerId: '+19195551201' }, [target] as Bxml.PhoneNumber[]);

  it.each<[string, () => unknown[], object]>([
    ['nothing', () => [], { action: 'hangup' }],
    ['Hangup', () => [new Bxml.Hangup()], { action: 'hangup' }],
    [
      'SpeakSentence',
      () => [new Bxml.SpeakSentence('One & two', { locale: 'en_US' }), new Bxml.Hangup()],
      { action: 'say', text: 'One & two', language: 'en_US' },
    ],
    [
      'SipUri',
      () => [transfer(new Bxml.SipUri('sip:user@host.example.com'))],
      { action: 'sip', uri: 'sip:user@host.example.com', caller_id: '+19195551201' },
    ],
    [
      'PhoneNumber',
      () => [transfer(new Bxml.PhoneNumber('+12025550177'))],
      { action: 'dial', to: '+12025550177', caller_id: '+19195551201' },
    ],
    [
      'a stream that nothing waits for',
      () => [new Bxml.StartStream({ name: 'a', mode: 'bidirectional', destination: 'wss://agent.example.com/' })],
      { action: 'hangup' },
    ],
  ])('understands what the SDK builds: %s', async (_what, verbs, understood) => {
    document = () => ({ type: 'application/xml', body: bxml(...verbs()) });
    const { data } = await oauth().calls.createCall(accountId, create());
    await until('answer');
    while (simulator.bandwidth.calls.find(data.callId)?.understood === null) await new Promise(setImmediate);
    expect(simulator.bandwidth.calls.find(data.callId)?.understood).toEqual(understood);
  });

  it('calls in with the credentials that the application was given', async () => {
    const password = 'p:ä&<';
    const headers = { authorization: `Basic ${Buffer.from('demo-api-user:demo-api-password').toString('base64')}` };
    const at = `${simulator.vendorUrl('bandwidth')}/api/v2/accounts/${accountId}/applications/${applicationId()}`;
    const changed = await fetch(at, {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/xml' },
      body: `<Application><CallInitiatedCallbackUrl>${base}/in</CallInitiatedCallbackUrl><CallStatusCallbackUrl>${base}/status</CallStatusCallbackUrl><CallbackCreds><UserId>us</UserId><Password>p:ä&amp;&lt;</Password></CallbackCreds></Application>`,
    });
    const answer = new XMLParser().parse(await changed.text()) as Record<string, Record<string, unknown>>;
    expect(answer.ApplicationProvisioningResponse?.Application).toMatchObject({
      AppName: 'Former application',
      CallbackCreds: { UserId: 'us' },
    });
    const placed = await fetch(`${simulator.url}/_sim/bandwidth/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: CALLER, to: ROUTED }),
    });
    const call = (await placed.json()) as SimCall;
    expect(call.understood).toEqual({ action: 'reject', reason: 'rejected' });
    const authorization = `Basic ${Buffer.from(`us:${password}`).toString('base64')}`;
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: '/in',
        authorization,
        contentType: 'application/json',
        event: { eventType: 'initiate', from: CALLER, to: ROUTED, direction: 'inbound', callId: call.id, accountId },
      },
      { path: '/status', authorization, event: { eventType: 'disconnect', cause: 'rejected', callId: call.id } },
    ]);
  });

  describe('refusals', () => {
    const refusalOf = async (attempt: Promise<unknown>) => {
      const error: unknown = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(AxiosError);
      const { response } = error as AxiosError;
      return {
        status: response?.status,
        data: response?.data,
        retryAfter: response?.headers['retry-after'] as unknown,
      };
    };
    const validation = (description: string) => ({
      status: 400,
      data: { type: 'validation', description, id: null },
    });
    const rejected = {
      status: 401,
      data: { type: 'authentication-error', description: 'The credentials provided were invalid', id: null },
    };

    it('of wrong credentials and of another account', async () => {
      const wrong = api({ username: DEMO_BANDWIDTH.username, password: 'wrong' });
      expect(await refusalOf(wrong.statistics.getStatistics(accountId))).toEqual(rejected);
      const stranger = basic().statistics.getStatistics(DEMO_BANDWIDTH_LEGACY.account_id);
      expect(await refusalOf(stranger)).toEqual(rejected);
      const secret = api({ clientId: DEMO_BANDWIDTH.client_id, clientSecret: 'wrong' });
      expect(await refusalOf(secret.statistics.getStatistics(accountId))).toMatchObject({
        status: 401,
        data: { error: 'invalid_client' },
      });
    });

    it.each<[object, string]>([
      [{ to: 'scooby-doo' }, 'Invalid to: must be an E164 telephone number'],
      [{ from: '19195551201' }, 'Invalid from: must be an E164 telephone number'],
      [
        { answerUrl: '' },
        'Missing at least one required field. Required fields are [from, to, answerUrl, applicationId]',
      ],
      [{ answerUrl: 'ftp://example.com/' }, 'Invalid answerUrl: only http and https are allowed'],
      [{ callTimeout: 301 }, 'callTimeout must be within the range [1, 300], but was 301'],
      [{ applicationId: 'nobody' }, 'Could not create call: Application id nobody not found'],
    ])('of a call with %j', async (fields, description) => {
      expect(await refusalOf(oauth().calls.createCall(accountId, create(fields)))).toEqual(validation(description));
      expect(simulator.bandwidth.calls.list()).toEqual([]);
    });

    it('of a call that there is not, and of one that is over', async () => {
      const hangup = (id: string) => oauth().calls.updateCall(accountId, id, { state: CallStateEnum.Completed });
      expect(await refusalOf(hangup('c-0'))).toEqual({
        status: 404,
        data: { type: 'validation', description: 'Call [c-0] not found', id: null },
      });
      const { data } = await oauth().calls.createCall(accountId, create({ disconnectUrl: `${base}/disconnect` }));
      await until('disconnect');
      expect(await refusalOf(hangup(data.callId))).toMatchObject({
        status: 404,
        data: { description: `Call [${data.callId}] not found` },
      });
    });

    it('of a list that is not asked for rightly', async () => {
      const list = (min?: string, size?: number, token?: string) =>
        oauth().calls.listCalls(accountId, undefined, undefined, min, undefined, undefined, size, token);
      const range = 'pageSize must be within the range [1, 10000], but was 10001';
      expect(await refusalOf(list(undefined, 10_001))).toEqual(validation(range));
      expect(await refusalOf(list('yesterday'))).toEqual(validation('Invalid minStartTime'));
      expect(await refusalOf(list(undefined, 2, 'e30'))).toEqual(validation('Invalid pageToken'));
    });

    it('429, with the time to wait', async () => {
      simulator.control.bandwidth.mode.set({ fail_status: 429, fail_count: 1, retry_after_s: 3 });
      expect(await refusalOf(basic().calls.createCall(accountId, create()))).toMatchObject({
        status: 429,
        data: { type: 'error', description: 'Account call creation rate limit exceeded' },
        retryAfter: '3',
      });
    });
  });
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
