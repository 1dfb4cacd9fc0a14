import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, validateV3Signature, Response as PlivoXml } from 'plivo';
import { DEMO_PLIVO, DEMO_PLIVO_SEED } from '../../src/simulator/plivo/plivo.demo';
import { Simulator, startSimulator } from '../../src/simulator/simulator';

const VENDOR_HOST = 'https://api.plivo.com';
const NUMBER = '14155550123';
const OTHER = '12125550145';
const FORMER = '16092143578200311';
/** 2:30 in Los Angeles. */
const NOW = Date.UTC(2024, 0, 15, 10, 30);
const BIG = { auth_id: 'MAAAAAAAAAAAAAAAAAAA', auth_token: 'big' };
const SUB = { auth_id: 'SAAAAAAAAAAAAAAAAAAA', auth_token: 'sub', main_auth_token: 'main' };

type Adapter = (config: { readonly url?: string }) => Promise<unknown>;

/** What the SDK speaks HTTP with, from wherever the SDK itself has it. */
interface HttpLibrary {
  readonly defaults: { adapter: unknown };
  getAdapter(name: string): Adapter;
}

const http = jest.requireActual<HttpLibrary>(require.resolve('axios', { paths: [require.resolve('plivo')] }));

/** As the SDK is; its own types leave methods out and demand every optional parameter. */
type PlivoClient = Pick<Client, 'accounts' | 'calls'> & {
  readonly numbers: {
    get(number: string): Promise<{ application: string | null }>;
    list(params: object): Promise<{ number: string }[] & { meta: { totalCount: number } }>;
    update(number: string, params: object): Promise<{ message: string }>;
  };
  readonly applications: {
    get(appId: string): Promise<object>;
    list(params: object): Promise<{ appId: string }[]>;
    create(name: string, params: object): Promise<{ appId: string }>;
    update(appId: string, params: object): Promise<object>;
    delete(appId: string): Promise<boolean>;
  };
};

/** What the SDK's own types leave out. */
interface CallLists {
  list(params: object): Promise<{ callUuid: string }[]>;
  listLiveCalls(params: object): Promise<{ callUuid: string }[]>;
  listQueuedCalls(): Promise<{ callUuid: string }[]>;
  getQueuedCall(id: string): Promise<object>;
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | undefined>;
  readonly fields: Record<string, string>;
}

/** In our place: answers every request with one document and keeps what it was sent. */
class OurServer {
  received: Received[] = [];
  document = '';
  url = '';
  private readonly arrivals = new EventEmitter();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const fields = Object.fromEntries(new URLSearchParams(body));
        this.received.push({ method: request.method ?? '', path: request.url ?? '', headers, fields });
        this.arrivals.emit('request');
        response.writeHead(200, { 'Content-Type': 'text/xml' }).end(this.document);
      });
    });
  }

  /** The request about that event, once it is there. */
  async arrival(event: string): Promise<Received> {
    for (;;) {
      const found = this.received.find(({ fields }) => fields.Event === event);
      if (found) return found;
      await once(this.arrivals, 'request');
    }
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('the official Plivo SDK on the simulator', () => {
  const us = new OurServer();
  let simulator: Simulator;
  let requested: string[];
  const former = http.defaults.adapter;

  const clientOf = ({ auth_id: authId, auth_token: authToken }: typeof BIG) =>
    new Client(authId, authToken) as unknown as PlivoClient;
  const demo = () => clientOf(DEMO_PLIVO);
  const route = (number: string) => simulator.plivo.account(DEMO_PLIVO.auth_id)?.routeOf(number);
  const applicationOf = async (number: string) => (await demo().numbers.get(number)).application;

  beforeAll(async () => {
    // The SDK prints what it creates applications with.
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const send = http.getAdapter('http');
    const redirected: Adapter = (config) => {
      const { url = '' } = config;
      if (!url.startsWith(`${VENDOR_HOST}/`)) throw new Error(`${url} is not at ${VENDOR_HOST}`);
      requested.push(url);
      return send({ ...config, url: simulator.vendorUrl('plivo') + url.slice(VENDOR_HOST.length) });
    };
    http.defaults.adapter = redirected;
    await us.start();
  });

  afterAll(() => {
    http.defaults.adapter = former;
    us.stop();
    jest.restoreAllMocks();
  });

  beforeEach(async () => {
    requested = [];
    us.received = [];
    us.document = '<Response><Hangup reason="busy"/></Response>';
    simulator = await startSimulator({ seed: { plivo: DEMO_PLIVO_SEED }, now: () => NOW });
    await simulator.seed({ plivo: { accounts: [{ ...BIG, generate: { first: '+13105550000', count: 45 } }] } });
  });

  afterEach(() => simulator.close());

  it('reads the account', async () => {
    expect(await demo().accounts.get()).toMatchObject({
      accountType: 'standard',
      billingMode: 'prepaid',
      name: 'Demo account',
      timezone: 'America/Los_Angeles',
      resourceUri: `/v1/Account/${DEMO_PLIVO.auth_id}/`,
    });
  });

  it('lists every number once, twenty at a time', async () => {
    const client = clientOf(BIG);
    const found: string[] = [];
    for (let offset = 0; offset < 45; offset += 20) {
      const page = await client.numbers.list({ limit: 20, offset });
      expect(page.meta.totalCount).toBe(45);
      found.push(...page.map(({ number }) => number));
    }
    expect(new Set(found).size).toBe(45);
    expect(found.at(-1)).toBe('13105550044');
    expect(requested).toHaveLength(3);
  });

  it('routes a number to an application of its own and gives it back', async () => {
    const { appId } = await demo().applications.create('patchbay-1', {
      answerUrl: `${us.url}/answer`,
      hangupUrl: `${us.url}/hangup`,
    });
    expect(appId).toMatch(/^\d{17}$/);
    expect(await demo().applications.get(appId)).toMatchObject({ appId, appName: 'patchbay-1', answerMethod: 'POST' });

    expect(await demo().numbers.update(NUMBER, { appId })).toMatchObject({ message: 'changed' });
    expect(await applicationOf(NUMBER)).toBe(`/v1/Account/${DEMO_PLIVO.auth_id}/Application/${appId}/`);
    expect(route(NUMBER)).toMatchObject({
      app_id: appId,
      answer_url: `${us.url}/answer`,
      hangup_url: `${us.url}/hangup`,
    });

    await demo().applications.update(appId, { answerUrl: `${us.url}/other` });
    expect(route(NUMBER)).toMatchObject({ answer_url: `${us.url}/other`, hangup_url: `${us.url}/hangup` });

    await demo().numbers.update(NUMBER, { appId: FORMER });
    expect(route(NUMBER)).toMatchObject({ app_id: FORMER });
    await demo().applications.delete(appId);
    await expect(demo().applications.get(appId)).rejects.toThrow('not found');
  });

  it('re-routes a number whose alias alone is changed', async () => {
    expect(route(OTHER)).toEqual({ kind: 'none' });
    await demo().numbers.update(OTHER, { alias: 'front desk' });
    expect(route(OTHER)).toMatchObject({ kind: 'application', app_id: FORMER });
    await demo().numbers.update(OTHER, { appId: '' });
    expect(route(OTHER)).toEqual({ kind: 'none' });
  });

  it('lists applications', async () => {
    const applications = await demo().applications.list({ limit: 20, offset: 0 });
    expect(applications.map(({ appId }) => appId)).toEqual([FORMER]);
  });

  describe('calls from outside', () => {
    const routeToUs = async (more: object = {}) => {
      const { appId } = await demo().applications.create('patchbay-1', {
        answerUrl: `${us.url}/answer?agent=7`,
        hangupUrl: `${us.url}/hangup`,
        ...more,
      });
      await demo().numbers.update(NUMBER, { appId });
    };
    const call = async (more: object = {}) => {
      const response = await fetch(`${simulator.url}/_sim/plivo/call`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ from: '+442079460958', to: `+${NUMBER}`, ...more }),
      });
      return (await response.json()) as { id: string; status: string; understood: unknown };
    };
    const accepts = ({ method, path, headers, fields }: Received, token: string, main = false) =>
      validateV3Signature(
        method,
        us.url + path,
        headers['x-plivo-signature-v3-nonce'] ?? '',
        token,
        headers[main ? 'x-plivo-signature-ma-v3' : 'x-plivo-signature-v3'] ?? '',
        fields,
      );

    it('ask and tell with signatures that the SDK accepts', async () => {
      await routeToUs();
      const { id } = await call();
      const [asked, told] = us.received;
      if (!asked || !told) throw new Error('Plivo was silent');
      expect(asked).toMatchObject({
        method: 'POST',
        path: '/answer?agent=7',
        fields: {
          CallUUID: id,
          From: '442079460958',
          To: NUMBER,
          CallStatus: 'ringing',
          Direction: 'inbound',
          Event: 'StartApp',
        },
      });
      expect(told.fields).toMatchObject({
        CallUUID: id,
        CallStatus: 'completed',
        Event: 'Hangup',
        HangupCauseName: 'Busy Line',
        HangupCauseCode: '3010',
        HangupSource: 'Answer XML',
        AnswerTime: '',
        Duration: '0',
      });
      for (const request of us.received) {
        expect(accepts(request, DEMO_PLIVO.auth_token)).toBe(true);
        expect(accepts(request, DEMO_PLIVO.auth_token, true)).toBe(true);
        expect(accepts(request, 'another')).toBe(false);
        expect(accepts({ ...request, path: `${request.path}x` }, DEMO_PLIVO.auth_token)).toBe(false);
        const changed = { ...request, fields: { ...request.fields, From: '1' } };
        expect(accepts(changed, DEMO_PLIVO.auth_token)).toBe(false);
      }
      expect(asked.headers['x-plivo-signature-v3-nonce']).not.toBe(told.headers['x-plivo-signature-v3-nonce']);
    });

    it('sign a GET over its whole query', async () => {
      await routeToUs({ answerMethod: 'GET' });
      await call();
      const [asked] = us.received;
      expect(asked).toMatchObject({ method: 'GET', fields: {} });
      expect(asked?.path).toContain('/answer?agent=7&');
      expect(asked && accepts(asked, DEMO_PLIVO.auth_token)).toBe(true);
    });

    it('are signed with the token of the subaccount and with that of the main account', async () => {
      const app = { app_id: '10000000000000001', app_name: 'a', answer_url: `${us.url}/answer` };
      const number = { number: '+13015550100', app_id: app.app_id };
      await simulator.seed({ plivo: { accounts: [{ ...SUB, applications: [app], numbers: [number] }] } });
      await call({ to: number.number });
      const [asked] = us.received;
      if (!asked) throw new Error('Plivo was silent');
      expect([accepts(asked, 'sub'), accepts(asked, 'main'), accepts(asked, 'main', true)]).toEqual([
        true,
        false,
        true,
      ]);
    });

    it('follow what the SDK writes', async () => {
      await routeToUs();
      const xml = PlivoXml as unknown as new () => {
        addStream(url: string, attributes: object): void;
        toXML(): string;
      };
      const response = new xml();
      response.addStream('wss://agent.example.com/media?a=1&b=2', {
        bidirectional: true,
        keepCallAlive: true,
        contentType: 'audio/x-mulaw;rate=8000',
        extraHeaders: 'callId=abc1',
      });
      us.document = response.toXML();
      expect(await call()).toMatchObject({
        status: 'in_progress',
        understood: {
          action: 'stream',
          url: 'wss://agent.example.com/media?a=1&b=2',
          parameters: { callId: 'abc1' },
        },
      });
    });

    it('tell how long they were, in the time of the account', async () => {
      await routeToUs();
      us.document = '<Response><Dial><User>sip:agent@example.com</User></Dial></Response>';
      const { id } = await call({ end: { status: 'completed', duration_s: 61 } });
      const told = us.received.at(-1)?.fields ?? {};
      expect(told).toMatchObject({ CallUUID: id, CallStatus: 'completed', Duration: '61', BillDuration: '120' });
      expect(told.TotalCost).toBe('0.01700');
      expect(told).toMatchObject({
        StartTime: '2024-01-15 02:30:00',
        AnswerTime: '2024-01-15 02:30:00',
        EndTime: '2024-01-15 02:31:01',
        SessionStart: '2024-01-15 10:30:00.000000',
      });
      expect(await demo().calls.get(id)).toMatchObject({ callUuid: id, callDuration: 61, hangupCauseCode: 4000 });
    });

    it('lead nowhere from a number without an application', async () => {
      expect(await call({ to: `+${OTHER}` })).toMatchObject({ status: 'failed', understood: null });
      expect(us.received).toEqual([]);
    });
  });

  describe('calls through the API', () => {
    const place = async (more: object = {}) => {
      const { requestUuid } = (await demo().calls.create(NUMBER, '442079460958', `${us.url}/answer`, {
        ringUrl: `${us.url}/ring`,
        hangupUrl: `${us.url}/hangup`,
        ...more,
      })) as { requestUuid: string };
      return requestUuid;
    };
    const arrived = (event: string) => us.arrival(event);

    it('ring, ask once they are answered, and are hung up', async () => {
      us.document = '<Response><Dial><User>sip:agent@example.com</User></Dial></Response>';
      const request = await place();
      const asked = await arrived('StartApp');
      expect((await arrived('Ring')).fields).toMatchObject({ CallStatus: 'ringing', RequestUUID: request });
      const { CallUUID: id = '' } = asked.fields;
      expect(asked.fields).toMatchObject({
        ALegRequestUUID: request,
        ALegUUID: id,
        CallStatus: 'in-progress',
        Direction: 'outbound',
        From: NUMBER,
        To: '442079460958',
      });
      expect(id).not.toBe(request);
      expect(await demo().calls.getLiveCall(id)).toMatchObject({ callUuid: id, requestUuid: request });
      expect(await demo().calls.listLiveCalls({})).toMatchObject([{ callUuid: id }]);
      await expect(demo().calls.cancel(request)).rejects.toThrow('not found');

      await demo().calls.hangup(id);
      expect((await arrived('Hangup')).fields).toMatchObject({ CallUUID: id, CallStatus: 'completed' });
      await expect(demo().calls.hangup(id)).rejects.toThrow('not found');
    });

    it('wait in the queue, are live, and have a record once they are over', async () => {
      us.document = '<Response><Dial><User>sip:agent@example.com</User></Dial></Response>';
      const request = await place();
      const { CallUUID: id = '' } = (await arrived('StartApp')).fields;
      const calls = demo().calls as unknown as CallLists;
      const call = simulator.plivo.calls.find(id);
      if (!call) throw new Error('no call');
      // Nothing waits here, so it is put into the queue again.
      call.status = 'queued';
      expect(await calls.listQueuedCalls()).toMatchObject([{ callUuid: id }]);
      expect(await calls.listLiveCalls({})).toEqual([]);
      expect(await calls.getQueuedCall(id)).toMatchObject({
        callUuid: id,
        requestUuid: request,
        callStatus: 'queued',
        from: NUMBER,
        to: '442079460958',
      });
      await expect(demo().calls.get(id)).rejects.toMatchObject({ status: 404 });
      call.status = 'in_progress';
      expect(await calls.listQueuedCalls()).toEqual([]);
      expect(await demo().calls.getLiveCall(id)).toMatchObject({ callStatus: 'in-progress' });
      await simulator.plivo.calls.end(id, { status: 'completed', duration_s: 61 });
      await expect(demo().calls.getLiveCall(id)).rejects.toMatchObject({ status: 404 });
      const record = {
        callUuid: id,
        callDirection: 'outbound',
        callDuration: 61,
        billDuration: 61,
        billedDuration: 120,
        callState: 'ANSWER',
        // Half past two in Los Angeles, in January.
        initiationTime: '2024-01-15 02:30:00-08:00',
        answerTime: '2024-01-15 02:30:00-08:00',
        endTime: '2024-01-15 02:31:01-08:00',
        hangupCauseName: 'Normal Hangup',
      };
      expect(await demo().calls.get(id)).toMatchObject(record);
      expect(await demo().calls.get(request)).toMatchObject(record);
    });

    it('are listed by numbers, direction and end', async () => {
      simulator.plivo.calls.setOutcome('+442079460958', 'no_answer');
      await place();
      await arrived('Hangup');
      const [call] = simulator.plivo.calls.list();
      const found = async (filter: object) =>
        (await (demo().calls as unknown as CallLists).list(filter)).map(({ callUuid }) => callUuid);
      // A call that nobody has answered is over where it began, at half past ten.
      for (const filter of [
        { toNumber: '442079460958', fromNumber: NUMBER, callDirection: 'outbound' },
        { toNumber: '4420' },
        { end_time__gte: '2024-01-15 10:30:00', end_time__lte: '2024-01-15 10:31:00' },
      ]) {
        expect(await found(filter)).toEqual([call?.id]);
      }
      for (const filter of [
        { toNumber: NUMBER },
        { callDirection: 'inbound' },
        { end_time__gt: '2024-01-15 10:31:00' },
      ]) {
        expect(await found(filter)).toEqual([]);
      }
      await expect(found({ end_time__gte: 'yesterday' })).rejects.toMatchObject({ status: 400 });
    });

    it('end as busy where they are told to', async () => {
      simulator.plivo.calls.setOutcome('+442079460958', 'busy');
      await place();
      expect((await arrived('Hangup')).fields).toMatchObject({
        CallStatus: 'busy',
        HangupCauseCode: '3010',
        HangupSource: 'Carrier',
      });
    });

    it('are refused without an answer URL that is one', async () => {
      await expect(demo().calls.create(NUMBER, '442079460958', 'nowhere')).rejects.toThrow('answer_url');
    });
  });

  describe('refusals', () => {
    it('of wrong credentials', async () => {
      const attempt = clientOf({ ...DEMO_PLIVO, auth_token: 'wrong' }).accounts.get();
      await expect(attempt).rejects.toMatchObject({
        status: 401,
        message: expect.stringContaining('Could not verify') as string,
      });
    });

    it('of numbers that the account does not rent', async () => {
      const refusal = { status: 404, message: 'not found', apiID: expect.stringMatching(/^[0-9a-f-]{36}$/) as string };
      await expect(demo().numbers.get('13105550000')).rejects.toMatchObject(refusal);
      await expect(demo().numbers.update('13105550000', { appId: FORMER })).rejects.toMatchObject(refusal);
    });

    it('of a second application of one name', async () => {
      const attempt = demo().applications.create('Former_App', { answerUrl: 'https://us.example.com' });
      await expect(attempt).rejects.toMatchObject({ status: 400 });
    });

    it('when it is broken, which the SDK tries again', async () => {
      simulator.control.plivo.mode.set({ fail_status: 500, fail_count: 2 });
      expect(await demo().applications.list({})).toHaveLength(1);
      simulator.control.plivo.mode.set({ fail_status: 429, fail_count: 1, retry_after_s: 2 });
      await expect(demo().numbers.get(NUMBER)).rejects.toThrow('429');
    });
  });
});
