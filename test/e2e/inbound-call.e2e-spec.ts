import type { ProviderName } from '../../src/common/provider-name';
import type { SimCall } from '../../src/simulator/core/call';
import type { Vendor } from '../../src/simulator/core/vendor';
import { demoAccount } from '../../src/simulator/demo-seed';
import { createAgent } from '../factories/agent.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectSuccess } from '../support/envelope';
import { numberOf } from '../support/inventory';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { freePort } from '../support/test-process';
import { untilPasses } from '../support/until-passes';

const CALLER = '+12025550147';
const MEDIA = 'wss://agent.example.com/media';
/** San opens a WebSocket instead of asking, and is tested with it. */
const PROVIDERS: readonly ProviderName[] = ['twilio', 'telnyx', 'vonage', 'plivo', 'bandwidth', 'exotel', 'ozonetell'];

let app: TestApp;

beforeAll(async () => {
  const port = await freePort();
  app = await startTestApp({ config: { http: { port, publicUrl: `http://127.0.0.1:${port}` } } });
});

afterAll(() => app?.close());

interface Attached {
  readonly api: ApiClient;
  readonly agentId: string;
  readonly number: string;
  readonly inboundUrl: string;
}

/** A number of the provider's demo account, attached to a new agent of a new account, and bound where that is done by hand. */
async function attached(provider: ProviderName, agent: Record<string, unknown> = {}): Promise<Attached> {
  const api = await newAccount(app);
  const { inbound_url } = await configureProvider(api, provider);
  const { agent_id: agentId } = await createAgent(api, { connect: { type: 'websocket', url: MEDIA }, ...agent });
  const [number] = demoAccount(provider).numbers;
  const body = { agent_id: agentId, provider, numbers: [number] };
  const data = expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  const [state] = data.numbers as { inbound_url?: string }[];
  const inboundUrl = state?.inbound_url ?? (inbound_url as string);
  vendorOf(provider).bind?.(number, inboundUrl);
  return { api, agentId, number, inboundUrl };
}

function vendorOf(provider: ProviderName): Vendor<unknown> {
  return app.simulator[provider];
}

/** A call from outside, through the vendor. */
async function call(provider: ProviderName, number: string): Promise<SimCall> {
  const { calls } = vendorOf(provider);
  if (!calls) throw new Error(`${provider} has no calls over HTTP`);
  return calls.receive(CALLER, number);
}

async function verdictsOf({ api, number }: Attached): Promise<string[]> {
  const route = expectSuccess(await api.get(`/api/phone-number/${number}/route`), 200);
  return (route.recent_requests as { verdict: string }[]).map(({ verdict }) => verdict);
}

describe.each(PROVIDERS)('a call through %s', (provider) => {
  it('reaches the stream of the agent that the number is attached to', async () => {
    const number = await attached(provider);
    const made = await call(provider, number.number);
    if (made.understood?.action !== 'stream') throw new Error(`not a stream: ${JSON.stringify(made)}`);
    expect(made.understood.url).toMatch(/^wss:\/\/agent\.example\.com\/media/);
    expect(`${made.understood.url} ${JSON.stringify(made.understood.parameters)}`).toContain(number.agentId);
    expect(made.status).toBe('in_progress');
    await untilPasses(async () => expect(await verdictsOf(number)).toEqual(['routed']));
    expect(await numberOf(number.api, number.number)).toMatchObject({ status: 'active' });

    const told = await vendorOf(provider).calls?.end(made.id, { status: 'completed', duration_s: 3 });
    for (const { purpose, http_status } of told?.exchanges ?? []) {
      if (purpose === 'status') expect(http_status).toBeLessThan(300);
    }
  });

  it('reaches the agent that the number was moved to', async () => {
    const number = await attached(provider);
    const { agent_id } = await createAgent(number.api, { connect: { type: 'websocket', url: `${MEDIA}-two` } });
    const body = { agent_id, provider, numbers: [number.number], reassign: true };
    expectSuccess(await number.api.post('/api/agent/attach-phone-number').send(body), 200);
    const { understood } = await call(provider, number.number);
    expect(understood).toMatchObject({ action: 'stream', url: expect.stringContaining('/media-two') as string });
  });

  it('hears the message of an agent that is inactive', async () => {
    const fallback = { type: 'message', text: 'We are closed & will call back <soon>' };
    const number = await attached(provider, { status: 'inactive', fallback });
    const { understood, status } = await call(provider, number.number);
    // A Voicebot applet takes streams alone.
    if (provider === 'exotel') expect(status).toBe('failed');
    else expect(understood).toMatchObject({ action: 'say', text: fallback.text });
    await untilPasses(async () => expect(await verdictsOf(number)).toEqual(['fallback']));
  });

  it('is not taken by an inactive agent without a fallback', async () => {
    const number = await attached(provider, { status: 'inactive' });
    const { understood } = await call(provider, number.number);
    expect(['reject', 'hangup', 'invalid']).toContain(understood?.action);
    await untilPasses(async () => expect(await verdictsOf(number)).toEqual(['agent_inactive']));
  });

  it('is nobody’s once the number is detached', async () => {
    const number = await attached(provider);
    const body = { agent_id: number.agentId, numbers: [number.number] };
    expectSuccess(await number.api.post('/api/agent/detach-phone-number').send(body), 200);
    const { understood } = await call(provider, number.number);
    expect(understood?.action).not.toBe('stream');
  });

  it('is not answered where the key is another one, and tells nothing', async () => {
    const { inboundUrl } = await attached(provider);
    const wrong = inboundUrl.replace(/\/[A-Za-z0-9_-]{43}/, `/${'x'.repeat(43)}`);
    const response = await fetch(wrong, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });
});

describe('a request that the provider has not signed', () => {
  it.each(['twilio', 'telnyx', 'vonage', 'plivo', 'bandwidth'] as const)('is refused at %s', async (provider) => {
    const number = await attached(provider);
    const form = new URLSearchParams({
      CallSid: `CA${'0'.repeat(32)}`,
      CallUUID: 'a-b-c',
      CallStatus: 'ringing',
      From: CALLER,
      To: number.number,
    });
    for (const path of ['', '/status']) {
      const response = await fetch(number.inboundUrl + path, { method: 'POST', body: form });
      expect(response.status).toBe(403);
      expect(await response.text()).toBe('');
    }
    if (provider === 'twilio') {
      await untilPasses(async () => expect(await verdictsOf(number)).toEqual(['bad_signature']));
      await fetch(number.inboundUrl, { method: 'POST', body: form });
      await call(provider, number.number);
      // Repeated refusals are not written again; what came after them is.
      await untilPasses(async () => expect(await verdictsOf(number)).toEqual(['routed', 'bad_signature']));
    }
  });

  it('is refused in another account, whose key it comes with', async () => {
    const one = await attached('twilio');
    const other = await newAccount(app);
    const credentials = { account_sid: `AC${'9'.repeat(32)}`, auth_token: '8'.repeat(32) };
    await app.simulator.seed({
      twilio: { accounts: [{ sid: credentials.account_sid, auth_token: credentials.auth_token }] },
    });
    const stored = expectSuccess(await other.put('/api/provider/twilio').send({ credentials }), 200);
    const made = await call('twilio', one.number);
    const signed = made.exchanges.find(({ purpose }) => purpose === 'document');
    expect(signed?.http_status).toBe(200);
    const response = await fetch(stored.inbound_url as string, { method: 'POST', body: 'CallSid=CA1' });
    expect(response.status).toBe(403);
  });
});

describe('what is no request about a call', () => {
  it.each([
    ['an unknown provider', '/inbound/acme/' + 'x'.repeat(43)],
    ['a key of another form', '/inbound/twilio/short'],
    ['an unknown key', '/inbound/twilio/' + 'x'.repeat(43)],
  ])('is 404 for %s', async (_what, path) => {
    const response = await fetch(app.url + path, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  it('is 400 where the body is too large', async () => {
    const { inboundUrl } = await attached('exotel');
    const response = await fetch(inboundUrl, { method: 'POST', body: 'x'.repeat(70_000) });
    expect(response.status).toBe(400);
    expect(await response.text()).toBe('');
  });

  it('counts what became of requests', async () => {
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toMatch(/inbound_requests_total\{provider="twilio",verdict="routed"\} [1-9]/);
    expect(metrics).toMatch(/inbound_requests_total\{provider="twilio",verdict="bad_signature"\} [1-9]/);
  });
});
