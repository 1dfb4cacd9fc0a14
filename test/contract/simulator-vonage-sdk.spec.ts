import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Applications } from '@vonage/applications';
import { Auth } from '@vonage/auth';
import { verifySignature } from '@vonage/jwt';
import { Numbers } from '@vonage/numbers';
import { CallStatus, HttpMethod, NCCOBuilder, Talk, Voice } from '@vonage/voice';
import { decode, JwtPayload } from 'jsonwebtoken';
import { SimCall } from '../../src/simulator/core/call';
import { Simulator, startSimulator } from '../../src/simulator/simulator';
import { DEMO_VONAGE, DEMO_VONAGE_SEED } from '../../src/simulator/vonage/vonage.demo';

type OwnedFilter = Parameters<Numbers['getOwnedNumbers']>[0];
type NumberUpdate = Parameters<Numbers['updateNumber']>[0];

const BIG = { api_key: '0a1b2c3d', api_secret: 'BigApiSecret1', signature_secret: 'big-signature-secret-of-32-bytes!' };
const UNROUTED = '+34910601234';
const SIP = '+12015550143';
const ROUTED = '+447700900123';
const FORMER = '78d335fa-323d-0114-9c3d-d6f0d48968cf';
const CALLER = '+447700900000';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands for the application's webhooks: answers every request with the NCCO, and keeps it. */
class Webhooks {
  readonly received: Received[] = [];
  ncco: unknown = [];
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.received.push({ method, url, headers, body });
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(this.ncco));
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  events(): { status: string; payload: Record<string, unknown> }[] {
    return this.received
      .filter(({ url }) => url.startsWith('/event'))
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
      .map((payload) => ({ status: String(payload.status), payload }));
  }
}

function bearerOf({ headers }: Received): string {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

describe('the official Vonage SDK on the simulator', () => {
  const webhooks = new Webhooks();
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  let simulator: Simulator;
  let options: { restHost: string; apiHost: string };

  const auth = ({ api_key: apiKey, api_secret: apiSecret }: { api_key: string; api_secret: string } = DEMO_VONAGE) =>
    new Auth({ apiKey, apiSecret });
  const numbers = (of = auth()) => new Numbers(of, options);
  const applications = (of = auth()) => new Applications(of, options);
  const voice = (applicationId: string, privateKey = keys.privateKey) =>
    new Voice(new Auth({ applicationId, privateKey }), options);
  const target = (number: string) => simulator.vonage.account(DEMO_VONAGE.api_key)?.voiceTarget(number);
  const owned = async (pattern: string) => (await numbers().getOwnedNumbers({ pattern })).numbers?.[0];

  const statusOf = async (attempt: Promise<unknown>): Promise<[number, unknown]> => {
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const { response } = error as { response: { status: number; json(): Promise<unknown> } };
    return [response.status, await response.json()];
  };

  /** An application whose webhooks are ours, with the number led to it. */
  const routedApplication = async (more: object = {}, number = UNROUTED): Promise<string> => {
    const made = await applications().createApplication({
      name: 'ours',
      keys: { publicKey: keys.publicKey },
      capabilities: {
        voice: {
          webhooks: {
            answerUrl: { address: webhooks.url('/answer'), httpMethod: 'POST' },
            eventUrl: { address: webhooks.url('/event'), httpMethod: 'POST' },
          },
          ...more,
        },
      },
    });
    const id = made.id ?? '';
    await numbers().updateNumber({ country: 'ES', msisdn: number.slice(1), appId: id });
    return id;
  };

  const receive = async (to: string, end?: object): Promise<SimCall> => {
    const response = await fetch(`${simulator.url}/_sim/vonage/call`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ from: CALLER, to, end }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as SimCall;
  };

  /** Waits until the call has got there, has told so and, where it goes on, knows how. */
  const settled = async (uuid: string, status: string): Promise<void> => {
    const until = Date.now() + 10_000;
    const call = () => simulator.vonage.calls.find(uuid);
    const isSettled = () =>
      call()?.status === status &&
      call()?.exchanges.some((exchange) => exchange.call_status === status) &&
      (status !== 'in_progress' || call()?.understood);
    while (!isSettled()) {
      if (Date.now() > until) throw new Error(`the call is ${call()?.status}, not ${status}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  beforeAll(() => webhooks.start());
  afterAll(() => webhooks.stop());

  beforeEach(async () => {
    webhooks.received.length = 0;
    webhooks.ncco = [];
    simulator = await startSimulator({ seed: { vonage: DEMO_VONAGE_SEED } });
    await simulator.seed({ vonage: { accounts: [{ ...BIG, generate: { first: '+447700910000', count: 201 } }] } });
    const base = simulator.vendorUrl('vonage');
    options = { restHost: base, apiHost: base };
  });

  afterEach(() => simulator.close());

  describe('numbers', () => {
    it('are listed by ten, or by a hundred at most, every one once', async () => {
      const big = numbers(auth(BIG));
      expect((await big.getOwnedNumbers()).numbers).toHaveLength(10);
      const seen = new Set<string>();
      for (const index of [1, 2, 3]) {
        const page = await big.getOwnedNumbers({ size: 500, index });
        expect(page.count).toBe(201);
        for (const { msisdn } of page.numbers ?? []) seen.add(msisdn ?? '');
      }
      expect(seen.size).toBe(201);
    });

    it('show where they lead', async () => {
      expect(await owned('447700900123')).toEqual({
        country: 'GB',
        msisdn: '447700900123',
        moHttpUrl: 'https://former.example.com/inbound-sms',
        type: 'mobile-lvn',
        features: ['VOICE', 'SMS'],
        voiceCallbackType: 'app',
        voiceCallbackValue: FORMER,
        app_id: FORMER,
      });
      expect(await owned('12015550143')).toMatchObject({ app_id: FORMER, voiceCallbackType: 'sip' });
      expect(await owned('34910601234')).toEqual({
        country: 'ES',
        msisdn: '34910601234',
        type: 'mobile-lvn',
        features: ['VOICE', 'SMS'],
      });
    });

    it('are found by parts; without a hit there is nothing at all', async () => {
      const found = async (filter: OwnedFilter) =>
        (await numbers().getOwnedNumbers(filter)).numbers?.map(({ msisdn }) => msisdn);
      expect(await found({ pattern: '4' })).toEqual(['447700900123', '46701234567']);
      expect(await found({ pattern: '5550', searchPattern: 1 })).toEqual(['12015550143']);
      expect(await found({ pattern: '1234', searchPattern: 2 })).toEqual(['34910601234']);
      expect(await found({ applicationId: FORMER })).toEqual(['447700900123', '12015550143']);
      expect(await found({ hasApplication: false })).toEqual(['46701234567', '34910601234']);
      expect(await found({ country: 'SE' })).toEqual(['46701234567']);
      expect(await numbers().getOwnedNumbers({ pattern: '4477009999' })).toEqual({});
    });

    it('are led to an application and back, each time losing what is left out', async () => {
      const id = await routedApplication();
      expect(target(UNROUTED)).toEqual({ kind: 'application', application_id: id });
      const update = { country: 'GB', msisdn: ROUTED.slice(1), appId: id };
      expect(await numbers().updateNumber(update)).toEqual({ errorCode: '200', errorCodeLabel: 'success' });
      expect(await owned('447700900123')).not.toHaveProperty('moHttpUrl');
      await numbers().updateNumber({ country: 'GB', msisdn: ROUTED.slice(1) });
      expect(target(ROUTED)).toEqual({ kind: 'none' });
    });

    it('follow a SIP callback whatever the application, until it is left out', async () => {
      const id = await routedApplication();
      const value = 'sip:desk@former.example.com';
      const update = { country: 'US', msisdn: SIP.slice(1), appId: id };
      await numbers().updateNumber({ ...update, voiceCallbackType: 'sip', voiceCallbackValue: value } as NumberUpdate);
      expect(target(SIP)).toEqual({ kind: 'sip', value });
      await numbers().updateNumber({ country: 'US', msisdn: SIP.slice(1), appId: id });
      expect(target(SIP)).toEqual({ kind: 'application', application_id: id });
    });

    it.each([
      ['is not owned', { country: 'GB', msisdn: '447700910000', appId: FORMER }],
      ['is in another country', { country: 'US', msisdn: ROUTED.slice(1), appId: FORMER }],
      ['is written with +', { country: 'GB', msisdn: ROUTED, appId: FORMER }],
      ['is to have an application of nobody', { country: 'ES', msisdn: UNROUTED.slice(1), appId: 'x' }],
    ])('answer 420 for one that %s', async (_what, params) => {
      expect(await statusOf(numbers().updateNumber(params))).toEqual([
        420,
        { 'error-code': '420', 'error-code-label': 'method failed' },
      ]);
      expect(target(ROUTED)).toEqual({ kind: 'application', application_id: FORMER });
    });

    it('are refused to wrong credentials', async () => {
      for (const wrong of [
        { ...DEMO_VONAGE, api_secret: BIG.api_secret },
        { ...DEMO_VONAGE, api_key: 'ffffffff' },
      ]) {
        expect(await statusOf(numbers(auth(wrong)).getOwnedNumbers())).toEqual([
          401,
          { 'error-code': '401', 'error-code-label': 'authentication failed' },
        ]);
      }
    });
  });

  describe('applications', () => {
    it('get a key pair, whose private half is shown once', async () => {
      const made = await applications().createApplication({ name: 'with keys', capabilities: {} });
      expect(made.keys?.privateKey).toContain('BEGIN PRIVATE KEY');
      const read = await applications().getApplication(made.id ?? '');
      expect(read.keys?.publicKey).toBe(made.keys?.publicKey);
      expect(read.keys?.privateKey).toBeUndefined();
      await expect(voice(made.id ?? '', made.keys?.privateKey).getCallsPage({})).resolves.toMatchObject({ count: 0 });
    });

    it('keep the key that they are given, until an update brings none', async () => {
      const id = await routedApplication();
      const read = await applications().getApplication(id);
      expect(read).toMatchObject({ name: 'ours', keys: { publicKey: keys.publicKey } });
      await applications().updateApplication({ ...read, name: 'renamed' });
      expect(await applications().getApplication(id)).toMatchObject({
        name: 'renamed',
        keys: { publicKey: keys.publicKey },
        capabilities: { voice: { webhooks: { answerUrl: { address: webhooks.url('/answer'), httpMethod: 'POST' } } } },
      });
      const replaced = await applications().updateApplication({ id, name: 'bare', capabilities: {} });
      expect(replaced.keys?.privateKey).toContain('BEGIN PRIVATE KEY');
      expect((await applications().getApplication(id)).capabilities).toEqual({});
      expect((await statusOf(voice(id).getCallsPage({})))[0]).toBe(401);
    });

    it('are walked page by page', async () => {
      for (let count = 0; count < 5; count++) await routedApplication();
      const names: string[] = [];
      for await (const { name } of applications().listAllApplications({ pageSize: 2 })) names.push(name ?? '');
      expect(names).toEqual(['Former application', 'ours', 'ours', 'ours', 'ours', 'ours']);
      expect(await applications().listApplications({ pageSize: 2, page: 2 })).toMatchObject({
        totalItems: 6,
        totalPages: 3,
      });
    });

    it('are gone once they are deleted', async () => {
      const id = await routedApplication();
      await applications().deleteApplication(id);
      const [status, body] = await statusOf(applications().getApplication(id));
      expect(status).toBe(404);
      expect(body).toMatchObject({
        type: 'https://developer.nexmo.com/api-errors#not-found',
        title: 'Not Found',
        detail: `ID '${id}' does not exist, or you do not have access`,
      });
      expect(target(UNROUTED)).toEqual({ kind: 'none' });
    });

    it('are nobody else’s, and need the right credentials', async () => {
      expect((await statusOf(applications(auth(BIG)).getApplication(FORMER)))[0]).toBe(404);
      const wrong = applications(auth({ ...DEMO_VONAGE, api_secret: 'Wrong12345' }));
      expect(await statusOf(wrong.getApplication(FORMER))).toMatchObject([
        401,
        { title: 'Invalid credentials supplied', detail: 'You did not provide correct credentials.' },
      ]);
    });

    it('name every parameter that is wrong', async () => {
      const attempt = applications().createApplication({
        name: '',
        keys: { publicKey: 'no key' },
        capabilities: { voice: { webhooks: { answerUrl: { address: 'example.com', httpMethod: 'PUT' as never } } } },
      });
      expect(await statusOf(attempt)).toMatchObject([
        400,
        {
          type: 'https://developer.nexmo.com/api-errors/application#payload-validation',
          invalid_parameters: [
            { name: 'name' },
            { name: 'keys.public_key' },
            { name: 'capabilities.voice.webhooks.answer_url.address' },
            { name: 'capabilities.voice.webhooks.answer_url.http_method', reason: 'must be one of: GET, POST' },
          ],
        },
      ]);
    });
  });

  describe('calls that come in', () => {
    it('ask for the NCCO with a token that the SDK accepts, over the bytes that are posted', async () => {
      const id = await routedApplication();
      webhooks.ncco = [
        {
          action: 'connect',
          from: UNROUTED.slice(1),
          endpoint: [
            {
              type: 'websocket',
              uri: 'wss://agent.example.com/media',
              'content-type': 'audio/l16;rate=16000',
              headers: { call_id: 'call_1' },
            },
          ],
        },
      ];
      const call = await receive(UNROUTED, { status: 'completed', duration_s: 42 });
      expect(call).toMatchObject({
        status: 'completed',
        understood: { action: 'stream', url: 'wss://agent.example.com/media', parameters: { call_id: 'call_1' } },
      });

      const [asked, ...told] = webhooks.received;
      expect(asked).toMatchObject({ method: 'POST', url: '/answer' });
      expect(JSON.parse(asked?.body ?? '')).toEqual({
        from: '447700900000',
        to: '34910601234',
        uuid: call.id,
        conversation_uuid: call.details.conversation_uuid,
      });
      const jtis = new Set<unknown>();
      for (const request of asked ? [asked, ...told] : []) {
        expect(verifySignature(bearerOf(request), DEMO_VONAGE.signature_secret)).toBe(true);
        expect(verifySignature(bearerOf(request), BIG.signature_secret)).toBe(false);
        const claims = decode(bearerOf(request)) as JwtPayload;
        expect(claims).toMatchObject({
          iss: 'Vonage',
          api_key: DEMO_VONAGE.api_key,
          application_id: id,
          payload_hash: createHash('sha256').update(request.body).digest('hex'),
        });
        expect(Math.abs((claims.iat ?? 0) - Date.now() / 1000)).toBeLessThan(60);
        jtis.add(claims.jti);
      }
      expect(jtis.size).toBe(3);
      expect(webhooks.events().map(({ status }) => status)).toEqual(['answered', 'completed']);
      expect(webhooks.events()[1]?.payload).toMatchObject({
        direction: 'inbound',
        duration: '42',
        rate: '0.00450000',
        // 42 s at 0.0045 a minute.
        price: '0.00315000',
        uuid: call.id,
      });
    });

    it('ask with GET and sign the parameters in their order, where the application says so', async () => {
      const webhook = { address: webhooks.url('/answer?tenant=7'), httpMethod: 'GET' as const };
      await routedApplication({ webhooks: { answerUrl: webhook } });
      const call = await receive(UNROUTED);
      const [asked] = webhooks.received;
      const uuids = { uuid: call.id, conversation_uuid: call.details.conversation_uuid };
      const parameters = { tenant: '7', from: '447700900000', to: '34910601234', ...uuids };
      expect(asked).toMatchObject({ method: 'GET', body: '' });
      expect(Object.fromEntries(new URL(asked?.url ?? '', 'http://x').searchParams)).toEqual(parameters);
      const token = asked ? bearerOf(asked) : '';
      expect(verifySignature(token, DEMO_VONAGE.signature_secret)).toBe(true);
      expect((decode(token) as JwtPayload).payload_hash).toBe(
        createHash('sha256').update(JSON.stringify(parameters)).digest('hex'),
      );
    });

    it('are not signed where that is switched off', async () => {
      await routedApplication({ signedCallbacks: false });
      await receive(UNROUTED);
      expect(webhooks.received.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    });

    it('turn to the fallback where the answer is none', async () => {
      const fallback = { address: webhooks.url('/fallback'), httpMethod: 'POST' as const };
      const answer = { address: webhooks.url('/answer'), httpMethod: 'POST' as const };
      await routedApplication({ webhooks: { answerUrl: answer, fallbackAnswerUrl: fallback } });
      webhooks.ncco = { action: 'talk', text: 'no array' };
      expect(await receive(UNROUTED)).toMatchObject({ status: 'failed', understood: { action: 'invalid' } });
      expect(webhooks.received.map(({ url }) => url)).toEqual(['/answer', '/fallback']);
      expect(JSON.parse(webhooks.received[1]?.body ?? '')).toMatchObject({
        to: '34910601234',
        original_request: { url: webhooks.url('/answer'), type: 'answer' },
      });
    });

    it('are answered and over with an empty NCCO, which is all that Vonage has for a refusal', async () => {
      await routedApplication();
      expect(await receive(UNROUTED)).toMatchObject({ status: 'completed', understood: { action: 'hangup' } });
    });

    it('ask nobody where a callback takes them away', async () => {
      expect((await receive(SIP)).exchanges).toEqual([]);
      expect(webhooks.received).toEqual([]);
    });
  });

  describe('calls that are placed', () => {
    const destination = [{ type: 'phone' as const, number: '447700900001' }];
    const source = { type: 'phone' as const, number: UNROUTED.slice(1) };
    const place = (id: string) =>
      voice(id).createOutboundCall({
        to: destination,
        from: source,
        answerUrl: [webhooks.url('/answer')],
        answerMethod: HttpMethod.POST,
        eventUrl: [webhooks.url('/event')],
        ringingTimer: 30,
      });

    it('ring, are answered, ask for the NCCO, and are hung up', async () => {
      const id = await routedApplication();
      webhooks.ncco = [
        { action: 'connect', endpoint: [{ type: 'sip', uri: 'sip:agent@example.com', headers: { call: '1' } }] },
      ];
      const placed = await place(id);
      expect(placed).toMatchObject({ status: 'started', direction: 'outbound' });
      expect(placed.conversationUUID).toMatch(/^CON-/);
      await settled(placed.uuid, 'in_progress');
      expect(await voice(id).getCall(placed.uuid)).toMatchObject({
        uuid: placed.uuid,
        status: 'answered',
        direction: 'outbound',
        to: { type: 'phone', number: '447700900001' },
      });
      await voice(id).hangupCall(placed.uuid);
      await settled(placed.uuid, 'completed');
      expect((await statusOf(voice(id).hangupCall(placed.uuid)))[0]).toBe(404);
      expect(await voice(id).getCall(placed.uuid)).toMatchObject({
        status: 'completed',
        duration: expect.stringMatching(/^\d+$/) as string,
      });
    });

    it('tell how they came to nothing', async () => {
      const id = await routedApplication();
      simulator.vonage.calls.setOutcome('+447700900001', 'no_answer');
      const { uuid } = await place(id);
      await settled(uuid, 'no_answer');
      expect(webhooks.events().map(({ status }) => status)).toEqual(['started', 'ringing', 'unanswered']);
      expect(webhooks.events()[2]?.payload).toMatchObject({ uuid, direction: 'outbound', detail: 'unavailable' });
      const tokens = webhooks.received.map(bearerOf);
      expect(tokens.map((token) => verifySignature(token, DEMO_VONAGE.signature_secret))).toEqual([true, true, true]);
      expect(webhooks.received.map(({ url }) => url)).not.toContain('/answer');
    });

    it('follow an NCCO that comes along, as the SDK builds it', async () => {
      const id = await routedApplication();
      const ncco = new NCCOBuilder().addAction(new Talk('Hello <&"\'> 😀')).build();
      const { uuid } = await voice(id).createOutboundCall({ to: destination, from: source, ncco });
      await settled(uuid, 'completed');
      expect(simulator.vonage.calls.find(uuid)?.understood).toMatchObject({ action: 'say', text: 'Hello <&"\'> 😀' });
    });

    it('are listed page by page', async () => {
      const id = await routedApplication();
      const placed: string[] = [];
      for (let count = 0; count < 3; count++) placed.push((await place(id)).uuid);
      const first = await voice(id).getCallsPage({ pageSize: 2 });
      expect(first).toMatchObject({ count: 3, page_size: 2, record_index: 0 });
      expect(first._embedded.calls.map(({ uuid }) => uuid)).toEqual(placed.slice(0, 2));
      expect(first._links?.next?.href).toBe('https://api.nexmo.com/v1/calls?page_size=2&record_index=2');
      const other = await routedApplication();
      expect(await voice(other).getCallsPage({})).toMatchObject({ count: 0 });
      expect((await statusOf(voice(other).getCall(placed[0] ?? '')))[0]).toBe(404);
    });

    it('are listed by status and by time, and walked', async () => {
      const id = await routedApplication();
      webhooks.ncco = [{ action: 'connect', endpoint: [{ type: 'sip', uri: 'sip:agent@example.com' }] }];
      const first = await place(id);
      await settled(first.uuid, 'in_progress');
      await voice(id).hangupCall(first.uuid);
      await settled(first.uuid, 'completed');
      const second = await place(id);
      await settled(second.uuid, 'in_progress');
      const found = async (filter: Parameters<Voice['getCallsPage']>[0]) =>
        (await voice(id).getCallsPage(filter))._embedded.calls.map(({ uuid }) => uuid);
      expect(await found({ status: CallStatus.ANSWERED })).toEqual([second.uuid]);
      expect(await found({ order: 'desc' })).toEqual([second.uuid, first.uuid]);
      expect(await found({ conversationUuid: first.conversationUUID })).toEqual([first.uuid]);
      const hour = (from: number) => new Date(Date.now() + from * 3_600_000).toISOString();
      expect(await found({ dateStart: hour(-1), dateEnd: hour(1) })).toEqual([first.uuid, second.uuid]);
      expect(await found({ dateStart: hour(1) })).toEqual([]);
      expect(await found({ dateEnd: hour(-1) })).toEqual([]);
      expect((await statusOf(voice(id).getCallsPage({ dateStart: 'yesterday' })))[0]).toBe(400);
      const walked: string[] = [];
      for await (const { uuid } of voice(id).getAllCalls({ pageSize: 1 })) walked.push(uuid);
      expect(walked).toEqual([first.uuid, second.uuid]);
    });

    it('show their figures in UTC, once they are over', async () => {
      const id = await routedApplication();
      webhooks.ncco = [{ action: 'connect', endpoint: [{ type: 'sip', uri: 'sip:agent@example.com' }] }];
      const { uuid } = await place(id);
      await settled(uuid, 'in_progress');
      expect((await voice(id).getCall(uuid)).startTime).toBeUndefined();
      const { ended_at: ended } = await simulator.vonage.calls.end(uuid, { status: 'completed', duration_s: 61 });
      const read = await voice(id).getCall(uuid);
      expect(read).toMatchObject({ status: 'completed', duration: '61', from: { number: UNROUTED.slice(1) } });
      expect(read.endTime).toBe(new Date(ended ?? 0).toISOString().slice(0, 19).replace('T', ' '));
      expect(Date.parse(`${read.endTime}Z`) - Date.parse(`${read.startTime}Z`)).toBe(61_000);
    });

    it('need a token that the application’s key has signed', async () => {
      const id = await routedApplication();
      const stranger = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      const unauthorized = [401, { type: 'UNAUTHORIZED', error_title: 'Unauthorized' }];
      expect(await statusOf(voice(id, stranger.privateKey).getCallsPage({}))).toEqual(unauthorized);
      expect(await statusOf(voice('00000000-0000-4000-8000-000000000000').getCallsPage({}))).toEqual(unauthorized);
    });
  });
});
