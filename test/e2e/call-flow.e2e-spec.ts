import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { PROVIDER_NAMES, type ProviderName } from '../../src/common/provider-name';
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
import { AgentServer } from '../support/agent-server';

jest.setTimeout(60_000);

const CALLER = '+12025550147';
const MEDIA = 'wss://agent.example.com/media';

let app: TestApp;
let receiver: AgentServer;

beforeAll(async () => {
  const port = await freePort();
  app = await startTestApp({ config: { http: { port, publicUrl: `http://127.0.0.1:${port}` } } });
});
beforeEach(async () => {
  receiver = await AgentServer.start();
});
afterEach(() => receiver.close());
afterAll(() => app?.close());

interface Line {
  readonly api: ApiClient;
  readonly agentId: string;
  readonly number: string;
  /** Where the provider has been told, or was bound, to ask. */
  readonly url: string;
}

/** A number of the provider's demo account, attached to an agent that wants to be told of everything. */
async function lineAt(provider: ProviderName, agent: Record<string, unknown> = {}): Promise<Line> {
  const api = await newAccount(app);
  const { inbound_url } = await configureProvider(api, provider);
  const connect = { type: 'websocket', url: MEDIA };
  const created = await createAgent(api, { connect, webhook_url: receiver.url, ...agent });
  receiver.trust(created.webhook_secret as string);
  const [number] = demoAccount(provider).numbers;
  const body = { agent_id: created.agent_id, provider, numbers: [number] };
  const data = expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  const [state] = data.numbers as { inbound_url?: string }[];
  const url = state?.inbound_url ?? (inbound_url as string);
  vendorOf(provider).bind?.(number, url);
  return { api, agentId: created.agent_id, number, url };
}

function vendorOf(provider: ProviderName): Vendor<unknown> {
  return app.simulator[provider];
}

function callsOf(provider: ProviderName) {
  const { calls } = vendorOf(provider);
  if (!calls) throw new Error(`${provider} has no calls over HTTP`);
  return calls;
}

interface ListedCall extends Record<string, unknown> {
  readonly call_id: string;
  readonly call_status: string;
}

/** The agent's calls, newest first. */
async function callsOfAgent({ api, agentId }: Line): Promise<ListedCall[]> {
  return expectSuccess(await api.get('/api/call').query({ agent_id: agentId }), 200).items as ListedCall[];
}

/** The only call of the agent, once it has come this far. */
function callThatIs(line: Line, status: string): Promise<ListedCall> {
  return untilPasses(async () => {
    const calls = await callsOfAgent(line);
    expect(calls).toMatchObject([{ call_status: status }]);
    return calls[0] as ListedCall;
  });
}

async function toldOf(callId: string, types: readonly string[]): Promise<void> {
  await untilPasses(() => {
    // Not every vendor tells that the caller hears it ring.
    expect(receiver.typesAbout(callId).filter((type) => type !== 'call.ringing')).toEqual(types);
  });
  expect(receiver.refused).toEqual([]);
}

const WITH_DOCUMENTS = PROVIDER_NAMES.filter((name) => name !== 'san');

describe.each(WITH_DOCUMENTS)('a call in at %s', (provider) => {
  it('is streamed to the agent, counted, ended with its duration, and told in order', async () => {
    const line = await lineAt(provider);
    const made = await callsOf(provider).receive(CALLER, line.number);
    if (made.understood?.action !== 'stream') throw new Error(`not a stream: ${JSON.stringify(made)}`);
    expect(made.understood.url).toMatch(/^wss:\/\/agent\.example\.com\/media/);

    const [begun] = await untilPasses(async () => {
      const calls = await callsOfAgent(line);
      expect(calls).toHaveLength(1);
      return calls;
    });
    expect(`${made.understood.url} ${JSON.stringify(made.understood.parameters)}`).toContain(begun?.call_id);
    expect(begun).toMatchObject({ direction: 'inbound', to: line.number, provider, agent_id: line.agentId });
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 1 });

    await callsOf(provider).end(made.id, { status: 'completed', duration_s: 42 });
    const ended = await callThatIs(line, 'completed');
    expect(ended).toMatchObject({ call_id: begun?.call_id, duration_s: 42, phone_number: CALLER, from: CALLER });
    await toldOf(ended.call_id, ['call.initiated', 'call.answered', 'call.ended']);
    expect(receiver.about(ended.call_id).at(-1)?.data).toMatchObject({ call_status: 'completed', duration_s: 42 });
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 0 });
  });
});

describe('a limit', () => {
  it('is kept, sends callers to the fallback, and is free again when a call has ended', async () => {
    const line = await lineAt('twilio', { fallback: { type: 'message', text: 'All lines are busy' } });
    expectSuccess(await line.api.patch(`/api/phone-number/${line.number}`).send({ max_concurrent_calls: 2 }), 200);
    const calls = callsOf('twilio');
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => calls.receive(CALLER, line.number)));
    const streamed = made.filter(({ understood }) => understood?.action === 'stream');
    expect(streamed).toHaveLength(2);
    for (const { understood } of made.filter((call) => !streamed.includes(call))) {
      expect(understood).toMatchObject({ action: 'say', text: 'All lines are busy' });
    }
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 2 });

    await calls.end(streamed[0]?.id ?? '', { status: 'completed', duration_s: 5 });
    await untilPasses(async () => expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 1 }));
    expect((await calls.receive(CALLER, line.number)).understood).toMatchObject({ action: 'stream' });
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 2 });
  });

  it('is no business of calls that are asked about twice', async () => {
    const line = await lineAt('exotel');
    expectSuccess(await line.api.patch(`/api/phone-number/${line.number}`).send({ max_concurrent_calls: 1 }), 200);
    const made = await callsOf('exotel').receive(CALLER, line.number);
    const asked = made.exchanges.find(({ purpose }) => purpose === 'document');
    const again = await Promise.all([1, 2, 3].map(() => fetch(asked?.url ?? '', { method: asked?.method })));
    for (const response of again) expect(await response.text()).toContain('agent.example.com');
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 1 });
    expect(await callsOfAgent(line)).toHaveLength(1);
  });
});

describe('a call that nobody takes', () => {
  it('is in the list with the reason, and told', async () => {
    const line = await lineAt('twilio', { status: 'inactive' });
    await callsOf('twilio').receive(CALLER, line.number);
    const call = await callThatIs(line, 'busy');
    expect(call).toMatchObject({ end_reason: 'agent_inactive', duration_s: 0, answered_at: null });
    await toldOf(call.call_id, ['call.initiated', 'call.ended']);
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 0 });
  });
});

describe('the media', () => {
  let agent: WebSocketServer;
  let url: string;

  beforeEach(async () => {
    agent = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(agent, 'listening');
    url = `ws://127.0.0.1:${(agent.address() as AddressInfo).port}/media`;
  });
  afterEach(async () => {
    for (const client of agent.clients) client.terminate();
    await new Promise((resolve) => agent.close(resolve));
  });

  it("of San's PBX is bridged, and the call is written down from what is seen of it", async () => {
    const line = await lineAt('san', { connect: { type: 'websocket', url } });
    const connected = once(agent, 'connection') as Promise<[WebSocket]>;
    const call = app.simulator.san.call({ url: line.url, from: CALLER, to: line.number, timeout_ms: 20_000 });
    const [stream] = await connected;
    const frames: string[] = [];
    stream.on('message', (data: Buffer) => frames.push(data.toString('utf8')));
    const begun = await callThatIs(line, 'in_progress');
    expect(begun).toMatchObject({ direction: 'inbound', to: line.number, provider: 'san', provider_call_id: null });
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 1 });
    await untilPasses(() => expect(frames.join()).toContain(CALLER));

    stream.close(1000);
    expect(await call).toMatchObject({ connected: true });
    const ended = await callThatIs(line, 'completed');
    expect(ended).toMatchObject({ call_id: begun.call_id, end_reason: 'agent_hung_up' });
    await toldOf(ended.call_id, ['call.initiated', 'call.answered', 'call.ended']);
    expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 0 });
  });

  it('of a San call that the agent does not take is a call that failed', async () => {
    const line = await lineAt('san', { connect: { type: 'websocket', url: `ws://127.0.0.1:${await freePort()}` } });
    await app.simulator.san.call({ url: line.url, from: CALLER, to: line.number });
    const ended = await callThatIs(line, 'failed');
    expect(ended).toMatchObject({ end_reason: 'agent_unreachable', duration_s: 0, answered_at: null });
    await toldOf(ended.call_id, ['call.initiated', 'call.ended']);
  });

  it("of San's PBX keeps the number's limit", async () => {
    const line = await lineAt('san', { connect: { type: 'websocket', url } });
    expectSuccess(await line.api.patch(`/api/phone-number/${line.number}`).send({ max_concurrent_calls: 1 }), 200);
    const connected = once(agent, 'connection') as Promise<[WebSocket]>;
    const first = app.simulator.san.call({ url: line.url, from: CALLER, to: line.number, timeout_ms: 20_000 });
    const [stream] = await connected;
    expect(await app.simulator.san.call({ url: line.url, from: CALLER, to: line.number })).toMatchObject({
      close_code: 1000,
    });
    expect(agent.clients.size).toBe(1);
    stream.close(1000);
    await first;
    await untilPasses(async () => expect(await numberOf(line.api, line.number)).toMatchObject({ active_calls: 0 }));
    expect((await callsOfAgent(line)).map(({ end_reason }) => end_reason).sort()).toEqual([
      'agent_hung_up',
      'over_limit',
    ]);
  });
});
