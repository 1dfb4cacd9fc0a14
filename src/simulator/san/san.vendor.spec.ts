import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { Simulator, startSimulator } from '../simulator';
import { SanCallRecord } from './san.calls';
import { DEMO_SAN, DEMO_SAN_SEED } from './san.demo';

const [ONE, TWO] = ['+918062810341', '+918062810342'];
const CALLEE = '+919812345678';

describe('San on the simulator', () => {
  let simulator: Simulator;
  let now: number;

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(simulator.url + path, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  };
  const start = async (seed = DEMO_SAN_SEED) => {
    now = 1_700_000_000_000;
    simulator = await startSimulator({ seed: { san: seed }, now: () => now });
  };

  afterEach(() => simulator.close());

  const gentoken = (body: unknown, headers: Record<string, string>) =>
    call('POST', '/pbxadmin/sanpbxapi/gentoken', body, headers);
  const freshToken = async () => {
    const { body } = await gentoken({ access_key: DEMO_SAN.access_key }, { Accesstoken: DEMO_SAN.access_token });
    return String(body.Apitoken);
  };

  it('gives a token of an hour for the right token and key, and none otherwise', async () => {
    await start();
    const good = await gentoken({ access_key: DEMO_SAN.access_key }, { Accesstoken: DEMO_SAN.access_token });
    // 1,700,000,000 is 2023-11-14 22:13:20 UTC; an hour and 5:30 on.
    expect(good).toMatchObject({ status: 200, body: { status: 'success', expiry_time: '2023-11-15 04:43:20' } });
    expect(good.body.Apitoken).toMatch(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/);
    for (const [body, headers] of [
      [{ access_key: 'wrong' }, { Accesstoken: DEMO_SAN.access_token }],
      [{ access_key: DEMO_SAN.access_key }, { Accesstoken: 'wrong' }],
      [{ access_key: DEMO_SAN.access_key }, {}],
      [{}, { Accesstoken: DEMO_SAN.access_token }],
      [null, { Accesstoken: DEMO_SAN.access_token }],
    ] as [unknown, Record<string, string>][]) {
      const bad = await gentoken(body, headers);
      expect(bad.status).toBe(200);
      expect(bad.body).not.toHaveProperty('Apitoken');
      expect(bad.body.status).toBe('failed');
    }
  });

  it('asks for Basic as well where the tenant has it', async () => {
    const basic = { username: 'u', password: 'p' };
    await start({ tenants: [{ ...DEMO_SAN, basic }] });
    const body = { access_key: DEMO_SAN.access_key };
    const headers = { Accesstoken: DEMO_SAN.access_token };
    expect((await gentoken(body, headers)).body).not.toHaveProperty('Apitoken');
    const withBasic = { ...headers, Authorization: `Basic ${Buffer.from('u:p').toString('base64')}` };
    expect((await gentoken(body, withBasic)).body).toHaveProperty('Apitoken');
  });

  it('writes its state so that it reads it back', async () => {
    await start();
    simulator.san.bind(ONE, 'wss://agent.example.com/');
    const saved: unknown = JSON.parse(JSON.stringify(simulator.san.snapshot()));
    expect(JSON.parse(JSON.stringify(simulator.san.parseSeed(saved)))).toEqual(saved);
    simulator.san.hold('tenant-1', ['+918062810399']);
    simulator.san.release(TWO);
    expect(simulator.san.overview().accounts[0]?.numbers.map(({ number }) => number)).toEqual([
      ONE,
      '+918062810343',
      '+918062810344',
      '+918062810399',
    ]);
  });

  describe('with somebody to talk to', () => {
    let server: Server;
    let sockets: WebSocketServer;
    let url: string;
    let callbackUrl: string;
    let frames: Record<string, unknown>[];
    let callbacks: Record<string, unknown>[];
    let onFrame: (client: WebSocket) => void;

    beforeEach(async () => {
      await start();
      frames = [];
      callbacks = [];
      onFrame = () => undefined;
      sockets = new WebSocketServer({ noServer: true });
      server = createServer((request, response) => {
        void read(request).then((text) => {
          callbacks.push(JSON.parse(text) as Record<string, unknown>);
          response.end();
        });
      });
      server.on('upgrade', (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (client) => {
          client.on('message', (data: Buffer) => {
            frames.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
            onFrame(client);
          });
        }),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      url = `ws://${address}/media`;
      callbackUrl = `http://${address}/status`;
    });

    afterEach(async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    const until = async (condition: () => boolean) => {
      while (!condition()) await new Promise(setImmediate);
    };
    const hasFrame = (event: string) => frames.some((frame) => frame.event === event);
    const dial = async (fields: object = {}, token?: string) =>
      call(
        'POST',
        '/pbxadmin/sanpbxapi/dialcall',
        { appid: 2, call_to: '09812345678', caller_id: '2810341', websocket_url: url, ...fields },
        { Apitoken: token ?? (await freshToken()) },
      );
    const disconnect = async (callid: unknown) =>
      call('POST', '/pbxadmin/sanpbxapi/calldisconnect', { callid }, { Apitoken: await freshToken() });
    const record = async (id: unknown) =>
      (await call('GET', `/_sim/san/calls/${String(id)}`)).body as unknown as SanCallRecord;

    it('calls a number where support has bound it, once it is bound', async () => {
      onFrame = (client) => frames.length === 2 && client.close(1000);
      const numbers = { from: CALLEE, to: ONE };
      expect((await call('POST', '/_sim/san/call', numbers)).status).toBe(400);
      const bound = await call('POST', '/_sim/san/support', { number: ONE, websocket_url: url });
      expect(bound).toMatchObject({ status: 200, body: { number: ONE, websocket_url: url } });
      const report = await call('POST', '/_sim/san/call', numbers);
      expect(report).toMatchObject({ status: 200, body: { connected: true, http_status: 101, close_code: 1000 } });
      expect(frames.map(({ event }) => event)).toEqual(['connected', 'start']);
      expect((await call('GET', '/_sim/san/calls')).body.calls).toMatchObject([
        { direction: 'inbound', ...numbers, tenant: 'tenant-1', status: 'completed', websocket_url: url },
      ]);
      expect((await call('POST', '/_sim/san/support', { number: ONE, websocket_url: null })).status).toBe(200);
      expect((await call('POST', '/_sim/san/call', numbers)).status).toBe(400);
    });

    it.each([
      [{ number: '+918000000000', websocket_url: 'wss://agent.example.com/' }],
      [{ number: ONE, websocket_url: 'https://agent.example.com/' }],
      [{ number: ONE }],
    ])('support cannot bind %j', async (body) => {
      expect((await call('POST', '/_sim/san/support', body)).status).toBe(400);
    });

    it('dials, opens the WebSocket once the callee has picked up, and tells of the end', async () => {
      const custom_field = { call: 'ours' };
      const answer = await dial({ status_callback: callbackUrl, custom_field });
      expect(answer).toMatchObject({ status: 200, body: { status: 'success', callid: expect.any(String) as string } });
      const { callid } = answer.body;
      await until(() => hasFrame('answer'));
      const ids = { callId: callid, streamId: frames[1]?.streamId, channelId: frames[1]?.channelId };
      expect(frames).toMatchObject([
        { event: 'connected' },
        { event: 'start', ...ids, from: ONE, to: CALLEE },
        { event: 'answer', ...ids },
      ]);
      expect(await record(callid)).toMatchObject({
        status: 'in_progress',
        direction: 'outbound',
        from: ONE,
        to: CALLEE,
      });
      expect(callbacks).toEqual([]);

      now += 7000;
      for (const client of sockets.clients) client.close(1000, 'done');
      await until(() => callbacks.length > 0);
      expect(callbacks).toEqual([
        {
          appid: 2,
          call_to: '09812345678',
          caller_id: '2810341',
          custom_field,
          callid,
          status: 'ANSWERED',
          start_time: now - 7000,
          answer_time: now - 7000,
          end_time: now,
          duration: 7,
        },
      ]);
      await until(() => simulator.san.book.find(String(callid))?.status_callback !== null);
      expect(await record(callid)).toMatchObject({
        status: 'completed',
        report: { connected: true, close_code: 1000, close_reason: 'done' },
        status_callback: { url: callbackUrl, http_status: 200 },
      });
    });

    it('hangs up by its API, once', async () => {
      const { callid } = (await dial()).body;
      await until(() => hasFrame('answer'));
      expect((await disconnect(callid)).body).toMatchObject({ status: 'success' });
      await until(() => hasFrame('stop'));
      expect(await record(callid)).toMatchObject({ status: 'completed', ended_at: now });
      for (const gone of [callid, 'nothing', undefined]) {
        expect(await disconnect(gone)).toMatchObject({ status: 200, body: { status: 'failed' } });
      }
    });

    it('hangs up by hand, as the callee would', async () => {
      const { callid } = (await dial()).body;
      await until(() => hasFrame('answer'));
      expect((await call('POST', `/_sim/san/calls/${String(callid)}/end`)).status).toBe(204);
      expect((await call('POST', `/_sim/san/calls/${String(callid)}/end`)).status).toBe(400);
      expect((await call('DELETE', '/_sim/san/calls')).status).toBe(204);
      expect((await call('GET', '/_sim/san/calls')).body).toEqual({ calls: [] });
    });

    it.each([
      ['busy', 'BUSY'],
      ['no_answer', 'NO ANSWER'],
      ['failed', 'FAILED'],
    ])('opens no WebSocket for a call that is %s', async (status, disposition) => {
      expect((await call('POST', '/_sim/san/outcome', { to: CALLEE, status })).status).toBe(204);
      const { callid } = (await dial({ status_callback: callbackUrl })).body;
      await until(() => callbacks.length > 0);
      expect(callbacks).toMatchObject([{ callid, status: disposition, answer_time: null, duration: 0 }]);
      expect(await record(callid)).toMatchObject({ status, report: null });
      expect(frames).toEqual([]);
    });

    it('dials to where the number is bound without a URL of its own', async () => {
      expect((await dial({ websocket_url: undefined })).body.status).toBe('failed');
      simulator.san.bind(ONE, url);
      expect((await dial({ websocket_url: undefined })).body.status).toBe('success');
      await until(() => hasFrame('answer'));
    });

    it('takes a token for an hour, and no other', async () => {
      const token = await freshToken();
      now += 3_599_000;
      expect((await dial({}, token)).body.status).toBe('success');
      now += 1000;
      const forged = (await freshToken()).slice(0, -2);
      for (const bad of [token, forged, '', 'x.y.z']) {
        expect(await dial({}, bad)).toMatchObject({ status: 200, body: { status: 'failed' } });
      }
      await until(() => hasFrame('answer'));
      expect(simulator.san.book.list()).toHaveLength(1);
    });

    it.each([
      [{ appid: 3 }],
      [{ appid: '2' }],
      [{ call_to: '+919812345678' }],
      [{ call_to: '9812345678' }],
      [{ caller_id: '0341' }],
      [{ caller_id: '2810399' }],
      [{ caller_id: 2810341 }],
      [{ websocket_url: 'https://agent.example.com/' }],
      [{ status_callback: 'here' }],
    ])('refuses to dial with %j, in an answer of 200', async (fields) => {
      expect(await dial(fields)).toMatchObject({ status: 200, body: { status: 'failed' } });
      expect(simulator.san.book.list()).toEqual([]);
    });

    it.each(['2810341', '8062810341', '918062810341', '08062810341'])('knows the DID as %s', async (caller_id) => {
      const { callid } = (await dial({ caller_id })).body;
      expect(await record(callid)).toMatchObject({ from: ONE });
      await until(() => hasFrame('answer'));
    });
  });
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
