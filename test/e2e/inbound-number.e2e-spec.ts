import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectSuccess } from '../support/envelope';
import { numberOf } from '../support/inventory';
import { exchangeRaw } from '../support/raw-socket';
import { storedRows } from '../support/stored-rows';
import { inboundUrlOf, newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { untilPasses } from '../support/until-passes';

const [ONE, TWO, UNKNOWN] = ['+918062810341', '+918062810342', '+918062810349'] as const;
const NO_KEY = 'x'.repeat(43);

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterAll(() => app?.close());

interface AttachedNumber {
  readonly status: string;
  readonly reason: string | null;
  readonly inbound_url: string;
}

async function attach(api: ApiClient, agentId: string, number: string, reassign = false): Promise<AttachedNumber> {
  const body = { agent_id: agentId, provider: 'san', numbers: [number], reassign };
  const data = expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  const [attached] = data.numbers as AttachedNumber[];
  if (!attached) throw new Error('The answer holds no number');
  return attached;
}

/** A fresh account whose agent has the number, with the address to have bound for it. */
async function attached(number: string): Promise<{ api: ApiClient; agentId: string; url: string }> {
  const api = await newAccount(app, 'san');
  const { agent_id: agentId } = await createAgent(api);
  const { status, reason, inbound_url } = await attach(api, agentId, number);
  expect({ status, reason }).toEqual({ status: 'pending', reason: 'awaiting_first_call' });
  return { api, agentId, url: inbound_url };
}

/** The address as it leads to the application under test; its public URL stands for a proxy in front of it. */
function reachable(url: string, scheme: 'http' | 'ws'): string {
  return `${app.url.replace('http', scheme)}${new URL(url).pathname}`;
}

const request = (url: string, method = 'GET') => fetch(reachable(url, 'http'), { method });

interface SocketEnd {
  /** Of the upgrade; 101 where it came about. */
  readonly status: number | undefined;
  readonly code?: number;
  readonly length?: string;
}

/** Opens a WebSocket as a PBX does, and waits for what the far end makes of it. */
async function openSocket(url: string, frames: readonly string[] = []): Promise<SocketEnd> {
  const socket = new WebSocket(reachable(url, 'ws'));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      for (const frame of frames) socket.send(frame);
    });
    socket.once('close', (code) => resolve({ status: 101, code }));
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      response.resume();
      void once(response, 'end').then(() =>
        resolve({ status: response.statusCode, length: response.headers['content-length'] }),
      );
    });
  });
}

async function routeOf(api: ApiClient, number: string) {
  return expectSuccess(await api.get(`/api/phone-number/${number}/route`), 200) as {
    proven_at: string | null;
    recent_requests: { at: string; verdict: string }[];
  };
}

const verdictsOf = async (api: ApiClient, number: string) =>
  (await routeOf(api, number)).recent_requests.map(({ verdict }) => verdict);

describe('the first authentic request', () => {
  it.each<[string, (url: string) => Promise<unknown>]>([
    ['a WebSocket', (url) => openSocket(url)],
    ['a GET', (url) => request(url)],
    ['a POST', (url) => request(url, 'POST')],
    ['a HEAD', (url) => request(url, 'HEAD')],
    ['a GET with a query', (url) => request(`${url}?event=NewCall&cid=918062810000`)],
    ['a GET with %2B for the +', (url) => request(url.replace('/+', '/%2B'))],
    [
      "a call of San's PBX",
      (url) => app.simulator.san.call({ url: reachable(url, 'ws'), from: '+12025550100', to: ONE }),
    ],
  ])('proves the number: %s', async (_what, call) => {
    const { api, agentId, url } = await attached(ONE);
    const before = Date.now();
    await call(url);
    expect(await numberOf(api, ONE)).toMatchObject({ status: 'active', reason: null, agent_id: agentId });
    const { proven_at, recent_requests } = await untilPasses(async () => {
      const route = await routeOf(api, ONE);
      expect(route.recent_requests).toHaveLength(1);
      return route;
    });
    expect(Date.parse(String(proven_at))).toBeGreaterThanOrEqual(before);
    expect(Date.parse(String(recent_requests[0]?.at))).toBeGreaterThanOrEqual(before);
    expect(recent_requests[0]?.verdict).toMatch(/^[a-z_]+$/);
    expect(recent_requests[0]?.verdict).not.toBe('not_attached');
  });

  it('is the same address whatever the agent, and proves for good', async () => {
    const { api, agentId, url } = await attached(ONE);
    await openSocket(url);
    expect(await attach(api, agentId, ONE)).toEqual(
      expect.objectContaining({ status: 'active', reason: null, inbound_url: url }),
    );

    const other = await createAgent(api);
    const moved = await attach(api, other.agent_id, ONE, true);
    expect(moved).toMatchObject({ status: 'active', reason: null, inbound_url: url });

    const detach = { agent_id: other.agent_id, numbers: [ONE] };
    expectSuccess(await api.post('/api/agent/detach-phone-number').send(detach), 200);
    expect(await numberOf(api, ONE)).toMatchObject({ status: 'inactive', agent_id: null });
    expect(await attach(api, agentId, ONE)).toMatchObject({ status: 'active', reason: null, inbound_url: url });
  });

  it('may come before the number is attached', async () => {
    const api = await newAccount(app, 'san');
    await createPhoneNumber(api, ONE);
    const url = `${await inboundUrlOf(api, 'san')}/${ONE}`;
    await openSocket(url);
    expect(await verdictsOf(api, ONE)).toEqual(['not_attached']);
    expect(await numberOf(api, ONE)).toMatchObject({ status: 'inactive', agent_id: null });

    const { agent_id } = await createAgent(api);
    expect(await attach(api, agent_id, ONE)).toMatchObject({ status: 'active', reason: null });
  });

  it('leaves the time of the proof at the first', async () => {
    const { api, url } = await attached(ONE);
    await request(url);
    const { proven_at } = await routeOf(api, ONE);
    await untilPasses(() => expect(Date.now()).toBeGreaterThan(Date.parse(String(proven_at))));
    await request(url);
    expect((await routeOf(api, ONE)).proven_at).toBe(proven_at);
  });

  it('proves that number alone', async () => {
    const { api, agentId, url } = await attached(ONE);
    await attach(api, agentId, TWO);
    await request(url);
    expect(await numberOf(api, TWO)).toMatchObject({ status: 'pending', reason: 'awaiting_first_call' });
  });

  it('does not prove the same number of another account', async () => {
    const [mine, theirs] = [await attached(ONE), await attached(ONE)];
    expect(mine.url).not.toBe(theirs.url);
    await openSocket(mine.url);
    expect(await numberOf(mine.api, ONE)).toMatchObject({ status: 'active' });
    expect(await numberOf(theirs.api, ONE)).toMatchObject({ status: 'pending' });
    expect(await verdictsOf(theirs.api, ONE)).toEqual([]);
  });

  it('survives many at once', async () => {
    const { api, url } = await attached(ONE);
    const answers = await Promise.all(Array.from({ length: 20 }, () => request(url)));
    expect(answers.map(({ ok }) => ok)).toEqual(Array(20).fill(true));
    expect(await numberOf(api, ONE)).toMatchObject({ status: 'active' });
    expect(await verdictsOf(api, ONE)).toHaveLength(10);
  });
});

describe('the answer', () => {
  it('to a WebSocket is a polite close', async () => {
    const { url } = await attached(ONE);
    expect(await openSocket(url)).toEqual({ status: 101, code: 1000 });
    const frames = ['{"event":"connected"}', 'not JSON', '\0'.repeat(1_000)];
    expect(await openSocket(url, frames)).toEqual({ status: 101, code: 1000 });
  });

  it("to San's PBX connects its call", async () => {
    const { url } = await attached(ONE);
    const response = await fetch(`${app.simulator.url}/_sim/san/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: reachable(url, 'ws'), from: '+12025550100', to: ONE }),
    });
    expect(await response.json()).toMatchObject({ connected: true, http_status: 101, close_code: 1000 });
  });

  it('to a request is a success without an envelope, with a request id', async () => {
    const { url } = await attached(ONE);
    const response = await fetch(reachable(url, 'http'), { headers: { 'x-request-id': 'call-1' } });
    expect(response.ok).toBe(true);
    expect(response.headers.get('x-request-id')).toBe('call-1');
    expect(await response.text()).not.toContain('"timestamp"');
  });
});

describe("a call of San's PBX to an agent with a stream", () => {
  interface Received {
    readonly url: string;
    readonly frames: [text: string, isBinary: boolean][];
    readonly closed: Promise<number>;
  }
  let agents: WebSocketServer;
  let streams: Received[];

  /** An agent that answers each frame with the same frame. */
  beforeEach(async () => {
    streams = [];
    agents = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    agents.on('connection', (socket, { url = '' }) => {
      const frames: Received['frames'] = [];
      const closed = once(socket, 'close').then(([code]) => code as number);
      streams.push({ url, frames, closed });
      socket.on('message', (data, isBinary) => {
        frames.push([(data as Buffer).toString('latin1'), isBinary]);
        socket.send(data, { binary: isBinary });
      });
    });
    await once(agents, 'listening');
  });

  afterEach(async () => {
    for (const client of agents.clients) client.terminate();
    await new Promise((resolve) => agents.close(resolve));
  });

  it('is bridged, byte for byte, and told which call it is', async () => {
    const api = await newAccount(app, 'san');
    const { port } = agents.address() as AddressInfo;
    const connect = { type: 'websocket', url: `ws://127.0.0.1:${port}/media?tenant=7` };
    const { agent_id } = await createAgent(api, { connect });
    const { inbound_url } = await attach(api, agent_id, ONE);

    const socket = new WebSocket(reachable(inbound_url, 'ws'));
    const echoed: Received['frames'] = [];
    socket.on('message', (data, isBinary) => echoed.push([(data as Buffer).toString('latin1'), isBinary]));
    await once(socket, 'open');
    const sent: Received['frames'] = [];
    for (let index = 0; index < 50; index += 1) {
      const frame = index % 2 === 0 ? `{"event":"media","chunk":${index}}` : String.fromCharCode(0, 255, index);
      sent.push([frame, index % 2 === 1]);
      socket.send(index % 2 === 0 ? frame : Buffer.from(frame, 'latin1'));
    }
    await untilPasses(() => expect(echoed).toEqual(sent));
    expect(streams).toHaveLength(1);
    expect(streams[0]?.frames).toEqual(sent);
    const { searchParams, pathname } = new URL(streams[0]?.url ?? '', 'ws://agent');
    expect(pathname).toBe('/media');
    expect(Object.fromEntries(searchParams)).toEqual({
      tenant: '7',
      call_id: expect.stringMatching(/^call_[0-9a-z]{26}$/) as string,
      agent_id,
      to: ONE,
    });

    socket.close(1000, 'stop');
    expect(await streams[0]?.closed).toBe(1000);
    expect(await verdictsOf(api, ONE)).toEqual(['routed']);
    expect(await numberOf(api, ONE)).toMatchObject({ status: 'active' });
  });

  it('ends when the agent is not there', async () => {
    const api = await newAccount(app, 'san');
    const { agent_id } = await createAgent(api, { connect: { type: 'websocket', url: 'ws://127.0.0.1:1/' } });
    const { inbound_url } = await attach(api, agent_id, ONE);
    expect(await openSocket(inbound_url)).toEqual({ status: 101, code: 1014 });
  });
});

describe('recent requests', () => {
  it('are the last ten, newest first', async () => {
    const { api, agentId, url } = await attached(ONE);
    for (let index = 0; index < 8; index += 1) await request(url);
    const [first] = await verdictsOf(api, ONE);
    const detach = { agent_id: agentId, numbers: [ONE] };
    expectSuccess(await api.post('/api/agent/detach-phone-number').send(detach), 200);
    for (let index = 0; index < 4; index += 1) await openSocket(url);

    const { recent_requests } = await routeOf(api, ONE);
    expect(recent_requests.map(({ verdict }) => verdict)).toEqual([
      ...Array<string>(4).fill('not_attached'),
      ...Array<string>(6).fill(String(first)),
    ]);
    const times = recent_requests.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
  });
});

describe('404 without a body, and nothing written', () => {
  let mine: Awaited<ReturnType<typeof attached>>;
  let theirs: Awaited<ReturnType<typeof attached>>;
  let key: string;

  beforeAll(async () => {
    mine = await attached(ONE);
    theirs = await attached(TWO);
    await configureProvider(mine.api, 'twilio');
    await createPhoneNumber(mine.api, '+12025551234', 'twilio');
    key = new URL(mine.url).pathname.split('/')[3] ?? '';
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  const PATHS: [string, () => string][] = [
    ['a wrong key', () => `/inbound/san/${NO_KEY}/${ONE}`],
    ['a key that is cut short', () => `/inbound/san/${key.slice(0, -1)}/${ONE}`],
    ['a key in other letters', () => `/inbound/san/${swapCase(key)}/${ONE}`],
    ['an encoded key', () => `/inbound/san/%${key.charCodeAt(0).toString(16)}${key.slice(1)}/${ONE}`],
    ['a key of SQL', () => `/inbound/san/${encodeURIComponent("' OR '1'='1")}/${ONE}`],
    ["another account's number", () => `/inbound/san/${key}/${TWO}`],
    ["another account's key", () => new URL(theirs.url).pathname.replace(TWO, ONE)],
    ['a number that nobody has', () => `/inbound/san/${key}/${UNKNOWN}`],
    ["another provider's number", () => `/inbound/san/${key}/+12025551234`],
    ['another provider', () => `/inbound/twilio/${key}/${ONE}`],
    ['a provider that is not there yet', () => `/inbound/ozonetell/${key}/${ONE}`],
    ['no provider at all', () => `/inbound/nobody/${key}/${ONE}`],
    ['a prototype for a provider', () => `/inbound/__proto__/${key}/${ONE}`],
    ['no number at all', () => `/inbound/san/${key}/none`],
    ['a number that is not E.164', () => `/inbound/san/${key}/+0123456789`],
    ['ten thousand digits', () => `/inbound/san/${key}/+${'9'.repeat(10_000)}`],
    ['NUL in the number', () => `/inbound/san/${key}/${ONE}%00`],
  ];

  it.each(PATHS)('%s', async (_what, path) => {
    const rows = await storedRows(app);
    const response = await fetch(`${app.url}${path()}`, { method: 'POST', body: '{}' });
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 404, text: '' });
    expect(response.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);

    const socket = await openSocket(`ws://localhost${path()}`);
    expect(socket).toEqual({ status: 404, length: '0' });
    expect(await storedRows(app)).toEqual(rows);
  });

  it("San's PBX is refused too", async () => {
    const report = await app.simulator.san.call({
      url: `${app.url.replace('http', 'ws')}/inbound/san/${NO_KEY}/${ONE}`,
      from: '+12025550100',
      to: ONE,
    });
    expect(report).toMatchObject({ connected: false, http_status: 404 });
  });

  it.each(['/', '/api/agent', '/inbound', '/inbound/san', '/health/live', '/docs'])(
    'a WebSocket to %s',
    async (path) => {
      expect(await openSocket(`ws://localhost${path}`)).toMatchObject({ status: 404 });
    },
  );
});

describe('the key', () => {
  it('of a deleted provider is refused, and a new one takes its place', async () => {
    const { api, agentId, url } = await attached(ONE);
    await request(url);
    const detach = { agent_id: agentId, numbers: [ONE] };
    expectSuccess(await api.post('/api/agent/detach-phone-number').send(detach), 200);
    expectSuccess(await api.delete('/api/provider/san'), 200);
    expect((await request(url)).status).toBe(404);
    expect(await openSocket(url)).toMatchObject({ status: 404 });

    await configureProvider(api, 'san');
    expect((await request(url)).status).toBe(404);
    const fresh = await attach(api, agentId, ONE);
    expect(fresh.inbound_url).not.toBe(url);
    expect((await request(fresh.inbound_url)).ok).toBe(true);
  });

  it('of a deleted provider is refused at once, though it was just in use', async () => {
    const { api, agentId, url } = await attached(ONE);
    expect(await openSocket(url)).toMatchObject({ status: 101 });
    const detach = { agent_id: agentId, numbers: [ONE] };
    expectSuccess(await api.post('/api/agent/detach-phone-number').send(detach), 200);
    expectSuccess(await api.delete('/api/provider/san'), 200);
    expect(await openSocket(url)).toMatchObject({ status: 404 });
  });

  it('stays when the credentials are put again', async () => {
    const { api, url } = await attached(ONE);
    await configureProvider(api, 'san');
    expect((await request(url)).ok).toBe(true);
    expect(url).toContain(await inboundUrlOf(api, 'san'));
  });

  it('is different for every account and provider', async () => {
    const [one, two] = [await newAccount(app, 'san', 'twilio'), await newAccount(app, 'san', 'twilio')];
    const urls = await Promise.all(
      [one, two].flatMap((api) => [inboundUrlOf(api, 'san'), inboundUrlOf(api, 'twilio')]),
    );
    const keys = urls.map((url) => url.split('/').at(-1));
    expect(new Set(keys).size).toBe(4);
  });
});

describe('upgrades that are none', () => {
  it.each([
    ['no key of the handshake', ['upgrade: websocket', 'connection: upgrade', 'sec-websocket-version: 13']],
    [
      'an old version',
      [
        'upgrade: websocket',
        'connection: upgrade',
        'sec-websocket-version: 7',
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      ],
    ],
    ['another protocol', ['upgrade: h2c', 'connection: upgrade']],
  ])('%s: the connection ends and the service lives', async (_what, lines) => {
    const { url } = await attached(ONE);
    const path = new URL(url).pathname;
    const answer = await exchangeRaw(
      app.url,
      [`GET ${path} HTTP/1.1`, 'host: localhost', ...lines, '', ''].join('\r\n'),
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((await request(url)).ok).toBe(true);
  });
});

function swapCase(text: string): string {
  return [...text].map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join('');
}
