import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { XMLParser } from 'fast-xml-parser';
import { SimCall } from '../core/call';
import { Simulator, startSimulator } from '../simulator';
import { DEMO_OZONETELL, DEMO_OZONETELL_SEED } from './ozonetell.demo';

const [ONE, TWO, FORMER] = ['+918065740671', '+918065740672', '+918065740673'];
const CALLER = '+919704665032';
const HANGUP = '<response><hangup/></response>';
const STREAM = `<response><stream is_sip="true" url="wss://agent.example.com/">${DEMO_OZONETELL.sip_extension}</stream></response>`;

interface Received {
  method: string | undefined;
  path: string;
  fields: Record<string, string>;
}

interface Dialled {
  http: number;
  status: string;
  message: string;
}

describe('Ozonetel on the simulator', () => {
  let simulator: Simulator;
  let us: Server;
  let base: string;
  let received: Received[];
  let answer: { status: number; type: string; body: string };
  let now: number;

  beforeEach(async () => {
    // 2023-11-14 22:13:20 UTC.
    now = 1_700_000_000_000;
    simulator = await startSimulator({ seed: { ozonetell: DEMO_OZONETELL_SEED }, now: () => now });
    received = [];
    answer = { status: 200, type: 'text/xml', body: HANGUP };
    us = createServer((request, response) => {
      const url = new URL(request.url ?? '', base);
      received.push({
        method: request.method,
        path: url.pathname,
        fields: Object.fromEntries(url.searchParams),
      });
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    });
    await new Promise<void>((resolve) => us.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(us.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await simulator.close();
    us.closeAllConnections();
    await new Promise((resolve) => us.close(resolve));
  });

  const admin = async (path: string, body: unknown) => {
    const response = await fetch(`${simulator.url}/_sim/ozonetell${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const vendor = async (path: string, query: Record<string, string>) => {
    const at = `${simulator.vendorUrl('ozonetell')}${path}?${new URLSearchParams(query).toString()}`;
    const response = await fetch(at);
    return { status: response.status, text: await response.text() };
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise(setImmediate);
  };

  describe('the portal', () => {
    it('binds a number to an application URL, and takes it away', async () => {
      const bound = await admin('/portal', { number: ONE, app_url: `${base}/in` });
      expect(bound).toEqual({ status: 200, body: { number: ONE, app_url: `${base}/in` } });
      expect(simulator.ozonetell.account('demo')?.numbers.get(ONE)?.app_url).toBe(`${base}/in`);
      await admin('/portal', { number: ONE, app_url: null });
      expect(simulator.ozonetell.account('demo')?.numbers.get(ONE)?.app_url).toBeNull();
    });

    it.each([
      [{ number: '+918000000000', app_url: 'https://us.example.com/' }],
      [{ number: ONE, app_url: 'wss://us.example.com/' }],
      [{ number: ONE, app_url: '' }],
      [{ number: ONE }],
    ])('refuses %j', async (body) => {
      expect((await admin('/portal', body)).status).toBe(400);
    });

    it('tests the URL with a NewCall about no call', async () => {
      expect((await admin('/test-url', { number: ONE })).status).toBe(400);
      simulator.ozonetell.bind(ONE, `${base}/in?key=k`);
      const report = await admin('/test-url', { number: ONE });
      expect(report.body).toMatchObject({
        http_status: 200,
        content_type: 'text/xml',
        understood: { action: 'hangup' },
      });
      expect(received).toEqual([{ method: 'GET', path: '/in', fields: { key: 'k', event: 'NewCall' } }]);
      answer = { status: 404, type: 'text/plain', body: '' };
      expect((await admin('/test-url', { number: ONE })).body).toMatchObject({
        http_status: 404,
        understood: { action: 'invalid' },
      });
      simulator.ozonetell.bind(ONE, 'http://127.0.0.1:1/');
      expect((await admin('/test-url', { number: ONE })).body).toMatchObject({
        http_status: null,
        error: expect.any(String) as string,
      });
    });
  });

  describe('a call from outside', () => {
    const receive = async (end?: object) =>
      (await admin('/call', { from: CALLER, to: ONE, ...(end ? { end } : {}) })).body as unknown as SimCall;

    it('ends at once while the number is bound to nothing', async () => {
      expect(await receive()).toMatchObject({ status: 'failed', exchanges: [] });
      expect((await admin('/call', { from: CALLER, to: '+918000000000' })).status).toBe(400);
    });

    it('asks by GET, with numbers that begin with 91', async () => {
      simulator.ozonetell.bind(ONE, `${base}/in?key=k`);
      answer.body = STREAM;
      const call = await receive();
      expect(call.id).toMatch(/^\d{17}$/);
      expect(call).toMatchObject({ status: 'in_progress', understood: { action: 'stream' } });
      expect(received).toEqual([
        {
          method: 'GET',
          path: '/in',
          fields: {
            key: 'k',
            event: 'NewCall',
            sid: call.id,
            cid: '919704665032',
            called_number: '918065740671',
            operator: 'Airtel',
            circle: 'ANDHRA PRADESH',
            cid_type: 'MOBILE',
            cid_countryname: 'India',
            cid_country: '91',
            cid_e164: CALLER,
            request_time: '2023-11-15 03:43:20',
          },
        },
      ]);
    });

    it('tells of the end: Hangup by the caller, Disconnect by our document', async () => {
      simulator.ozonetell.bind(ONE, `${base}/in`);
      answer.body = STREAM;
      const streamed = await receive({ status: 'completed', duration_s: 42 });
      expect(received[1]?.fields).toMatchObject({
        event: 'Hangup',
        process: 'stream',
        sid: streamed.id,
        called_number: '918065740671',
        callduration: '42',
        total_call_duration: '42',
        telco_code: '16',
      });
      answer.body = '<response><playtext>Sorry</playtext><hangup/></response>';
      await receive();
      expect(received[3]?.fields).toMatchObject({ event: 'Disconnect', process: 'none' });
    });

    it('finds an extension busy at the fourth stream', async () => {
      simulator.ozonetell.bind(ONE, `${base}/in`);
      answer.body = STREAM;
      const calls = [await receive(), await receive(), await receive(), await receive()];
      expect(calls.map(({ understood }) => understood?.action)).toEqual(['stream', 'stream', 'stream', 'reject']);
      await simulator.ozonetell.calls.end(calls[0]?.id ?? '', { status: 'completed' });
      expect(await receive()).toMatchObject({ understood: { action: 'stream' } });
    });
  });

  describe('outbound.php', () => {
    const dial = async (query: Record<string, string> = {}): Promise<Dialled> => {
      const { status, text } = await vendor('/outbound/outbound.php', {
        api_key: DEMO_OZONETELL.api_key,
        phone_no: '09704665032',
        caller_id: '918065740672',
        outbound_version: '2',
        url: `${base}/answer`,
        callback_url: `${base}/cdr`,
        ...query,
      });
      const parsed = new XMLParser({ parseTagValue: false }).parse(text) as { response: Record<string, string> };
      return { http: status, status: parsed.response.status ?? '', message: parsed.response.message ?? '' };
    };

    it('queues a call, asks the URL once it is answered, and sends the CDR at its end', async () => {
      answer.body = STREAM;
      const queued = await dial({ extra_data: 'call_1' });
      expect(queued).toMatchObject({
        http: 200,
        status: 'queued',
        message: expect.stringMatching(/^\d{17}$/) as string,
      });
      await until(() => simulator.ozonetell.calls.find(queued.message)?.understood !== null);
      expect(received).toMatchObject([
        {
          method: 'GET',
          path: '/answer',
          fields: {
            event: 'NewCall',
            sid: queued.message,
            outbound_sid: queued.message,
            cid: '919704665032',
            called_number: '918065740672',
            extra_data: 'call_1',
          },
        },
      ]);
      now += 65_000;
      await simulator.ozonetell.calls.end(queued.message, { status: 'completed' });
      expect(received[1]).toMatchObject({
        method: 'GET',
        path: '/cdr',
        fields: {
          sid: queued.message,
          phone_no: '919704665032',
          caller_id: '918065740672',
          status: 'answered',
          telco_code: '16',
          start_time: '2023-11-15 03:43:20',
          pick_time: '2023-11-15 03:43:20',
          end_time: '2023-11-15 03:44:25',
          duration: '65',
          extra_data: 'call_1',
        },
      });
    });

    it.each([
      ['busy', 'busy', '17'],
      ['no_answer', 'not_answered', '19'],
      ['failed', 'failed', '21'],
    ] as const)('of a call that is %s tells "%s", and asks for no document', async (outcome, status, telco_code) => {
      simulator.ozonetell.calls.setOutcome(CALLER, outcome);
      await dial();
      await until(() => received.length > 0);
      expect(received).toMatchObject([{ path: '/cdr', fields: { status, telco_code, pick_time: '', duration: '0' } }]);
    });

    it('takes a document in place of a URL', async () => {
      const { message } = await dial({
        url: '',
        extra_data: '<response><playtext>Hi &amp; bye</playtext><hangup/></response>',
      });
      await until(() => received.length > 0);
      expect(simulator.ozonetell.calls.find(message)?.understood).toMatchObject({
        action: 'say',
        text: 'Hi & bye',
      });
      expect(received.map(({ path }) => path)).toEqual(['/cdr']);
    });

    it.each([
      [{ api_key: `KK${'f'.repeat(32)}` }],
      [{ phone_no: '' }],
      [{ phone_no: '+919704665032' }],
      [{ phone_no: '970466' }],
      [{ caller_id: '918000000000' }],
      [{ outbound_version: '1' }],
      [{ url: '', extra_data: '' }],
      [{ url: 'here', extra_data: 'call_1' }],
      [{ callback_url: 'here' }],
    ])('refuses %j in an answer of 200', async (query) => {
      expect(await dial(query as Record<string, string>)).toMatchObject({ http: 200, status: 'error' });
      expect(simulator.ozonetell.calls.list()).toEqual([]);
    });

    it('is hung up by CallControl, once, by the number that it is on', async () => {
      answer.body = STREAM;
      const { message: ucid } = await dial();
      await until(() => simulator.ozonetell.calls.find(ucid)?.understood !== null);
      const disconnect = async (query: Record<string, string> = {}) => {
        const sent = { ucid, api_key: DEMO_OZONETELL.api_key, did: '918065740672', ...query };
        const { status, text } = await vendor('/api/v1/CallControl/Disconnect', sent);
        return [status, (JSON.parse(text) as { status: string }).status];
      };
      const wrongs: Record<string, string>[] = [{ ucid: '1' }, { api_key: 'KK' }, { did: '' }, { did: '918065740671' }];
      for (const wrong of wrongs) {
        const [status, word] = await disconnect(wrong);
        expect([status, word === 'success']).toEqual([200, false]);
      }
      expect(await disconnect({ phoneno: '9704665032' })).toEqual([200, 'success']);
      await until(() => received.some(({ path }) => path === '/cdr'));
      expect(await disconnect()).toEqual([200, 'fail']);
    });
  });

  describe('generateToken', () => {
    const generate = async (userName: unknown = DEMO_OZONETELL.user_name, apiKey: string = DEMO_OZONETELL.api_key) => {
      const response = await fetch(`${simulator.vendorUrl('ozonetell')}/ca_apis/CAToken/generateToken`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', apiKey },
        body: JSON.stringify({ userName }),
      });
      const body = (await response.json()) as { token?: string; status?: string };
      return { http: response.status, ...body };
    };
    const holds = (token: string | undefined) => simulator.ozonetell.account('demo')?.holdsToken(token ?? '', now);

    it('gives a token of an hour, which ends the one before', async () => {
      const first = await generate();
      expect(first).toMatchObject({ http: 200, token: expect.any(String) as string });
      expect(holds(first.token)).toBe(true);
      const second = await generate();
      expect([holds(first.token), holds(second.token)]).toEqual([false, true]);
      now += 3_600_000;
      expect(holds(second.token)).toBe(false);
    });

    it('gives ten an hour', async () => {
      for (let count = 0; count < 10; count += 1) expect(await generate()).toHaveProperty('token');
      expect(await generate()).toMatchObject({ http: 200, status: 'error' });
      now += 3_600_000;
      expect(await generate()).toHaveProperty('token');
    });

    it('refuses a wrong key, and a wrong name, with 200', async () => {
      expect(await generate('demo', 'KK')).toMatchObject({ http: 200, status: 'error' });
      expect(await generate('nobody')).toMatchObject({ http: 200, status: 'error' });
      expect(await generate(null)).not.toHaveProperty('token');
    });
  });

  it('writes its state so that it reads it back', () => {
    simulator.ozonetell.bind(TWO, 'https://us.example.com/');
    simulator.ozonetell.hold('demo', ['+918065740699']);
    simulator.ozonetell.release(ONE);
    const saved: unknown = JSON.parse(JSON.stringify(simulator.ozonetell.snapshot()));
    expect(JSON.parse(JSON.stringify(simulator.ozonetell.parseSeed(saved)))).toEqual(saved);
    expect(simulator.ozonetell.overview().accounts[0]?.numbers).toMatchObject([
      { number: TWO, route: { app_url: 'https://us.example.com/' } },
      { number: FORMER, route: { app_url: 'https://former.example.com/kookoo' } },
      { number: '+912267890674', route: { app_url: null } },
      { number: '+918065740699', route: { app_url: null } },
    ]);
  });

  it('refuses with its own words what is not there, and what is injected', async () => {
    expect(await vendor('/outbound/other.php', {})).toMatchObject({ status: 404 });
    simulator.control.ozonetell.mode.set({ fail_status: 503, fail_count: 1 });
    const { status, text } = await vendor('/outbound/outbound.php', {});
    expect(status).toBe(503);
    expect(text).toContain('<status>error</status>');
  });
});
