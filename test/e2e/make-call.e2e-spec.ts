import { PROVIDER_NAMES, type ProviderName } from '../../src/common/provider-name';
import type { SimCall } from '../../src/simulator/core/call';
import { demoAccount } from '../../src/simulator/demo-seed';
import { createAgent } from '../factories/agent.factory';
import { configureProvider } from '../factories/provider.factory';
import { AgentServer } from '../support/agent-server';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { numberOf } from '../support/inventory';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { freePort } from '../support/test-process';
import { untilPasses } from '../support/until-passes';

jest.setTimeout(60_000);

const MEDIA = 'wss://agent.example.com/media';
const CONNECT = { type: 'websocket', url: MEDIA };
/** Of no simulated account. */
const CALLEE = '+919560088735';
const NO_AGENT = 'agent_00000000000000000000000000';

let app: TestApp;
let server: AgentServer;

beforeAll(async () => {
  const port = await freePort();
  app = await startTestApp({ config: { http: { port, publicUrl: `http://127.0.0.1:${port}` } } });
});
beforeEach(async () => {
  server = await AgentServer.start();
});
afterEach(() => server.close());
afterAll(() => app?.close());

interface Line {
  readonly api: ApiClient;
  readonly agentId: string;
  readonly numbers: readonly string[];
}

async function lineAt(provider: ProviderName, count = 1): Promise<Line> {
  const api = await newAccount(app);
  const { inbound_url } = await configureProvider(api, provider);
  const created = await createAgent(api, { connect: CONNECT, webhook_url: server.url });
  server.trust(created.webhook_secret as string);
  const numbers = demoAccount(provider).numbers.slice(0, count);
  const body = { agent_id: created.agent_id, provider, numbers };
  const data = expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  for (const { phone_number, inbound_url: own } of data.numbers as { phone_number: string; inbound_url?: string }[]) {
    app.simulator[provider].bind?.(phone_number, own ?? (inbound_url as string));
  }
  return { api, agentId: created.agent_id, numbers };
}

const make = ({ api, agentId }: Line, members: Record<string, unknown> = {}) =>
  api.post('/api/agent/make-call').send({ agent_id: agentId, phone_number: CALLEE, ...members });

/** The vendor's calls to the callee, oldest first. */
function placedAt(provider: ProviderName): SimCall[] {
  const calls = app.simulator[provider].calls?.list() ?? [];
  return calls.filter(({ direction }) => direction === 'outbound');
}

const call = async ({ api }: Line, callId: unknown) => expectSuccess(await api.get(`/api/call/${String(callId)}`), 200);

const WITH_BOOKS = PROVIDER_NAMES.filter((name) => name !== 'san');

describe.each(WITH_BOOKS)('a call placed at %s', (provider) => {
  it('rings once, reaches the stream, ends with its duration and is told in order', async () => {
    const line = await lineAt(provider);
    const before = placedAt(provider).length;
    const data = expectSuccess(await make(line, { from: line.numbers[0], metadata: { order: 'A-1' } }), 201);
    expect(data).toEqual({
      call_id: expect.stringMatching(/^call_/) as string,
      call_status: 'initiated',
      agent_id: line.agentId,
      phone_number: CALLEE,
      from: line.numbers[0],
      provider,
    });
    const placed = await eventually(
      () => placedAt(provider).slice(before),
      ([first]) => first?.understood?.action === 'stream',
    );
    expect(placed).toHaveLength(1);
    const [made] = placed as [SimCall];
    expect(JSON.stringify(made.understood)).toContain(String(data.call_id));
    await eventually(
      () => call(line, data.call_id),
      ({ call_status }) => call_status === 'in_progress',
    );
    expect(await numberOf(line.api, line.numbers[0] ?? '')).toMatchObject({ active_calls: 1 });

    await app.simulator[provider].calls?.end(made.id, { status: 'completed', duration_s: 42 });
    const ended = await eventually(
      () => call(line, data.call_id),
      ({ call_status }) => call_status === 'completed',
    );
    expect(ended).toMatchObject({ direction: 'outbound', to: CALLEE, duration_s: 42, metadata: { order: 'A-1' } });
    await untilPasses(() => {
      const told = server.typesAbout(String(data.call_id)).filter((type) => type !== 'call.ringing');
      expect(told).toEqual(['call.initiated', 'call.answered', 'call.ended']);
    });
    expect(server.refused).toEqual([]);
    expect(await numberOf(line.api, line.numbers[0] ?? '')).toMatchObject({ active_calls: 0 });
    expect(placedAt(provider)).toHaveLength(before + 1);
  });
});

describe('a call that is not answered', () => {
  it('ends as its vendor says, without a conversation', async () => {
    const line = await lineAt('twilio');
    app.simulator.twilio.calls?.setOutcome(CALLEE, 'busy');
    try {
      const data = expectSuccess(await make(line), 201);
      const ended = await eventually(
        () => call(line, data.call_id),
        ({ call_status }) => call_status === 'busy',
      );
      expect(ended).toMatchObject({ duration_s: 0, answered_at: null });
    } finally {
      app.simulator.twilio.calls?.setOutcome(CALLEE, null);
    }
  });
});

describe('hanging up', () => {
  it('ends the call at its vendor', async () => {
    const line = await lineAt('twilio');
    const data = expectSuccess(await make(line), 201);
    await eventually(
      () => call(line, data.call_id),
      ({ call_status }) => call_status === 'in_progress',
    );
    expectSuccess(await line.api.post(`/api/call/${String(data.call_id)}/hangup`), 200);
    await eventually(
      () => call(line, data.call_id),
      ({ call_status }) => call_status === 'completed',
    );
    const again = expectSuccess(await line.api.post(`/api/call/${String(data.call_id)}/hangup`), 200);
    expect(again).toMatchObject({ call_status: 'completed' });
  });

  it('is refused where the vendor cannot, and for what is no call of the account', async () => {
    const line = await lineAt('exotel');
    const data = expectSuccess(await make(line), 201);
    const path = `/api/call/${String(data.call_id)}/hangup`;
    expectError(await line.api.post(path), 422, 'HANGUP_NOT_SUPPORTED');
    const other = await newAccount(app);
    expectError(await other.post(path), 404, 'CALL_NOT_FOUND');
    expectError(await other.get(`/api/call/${String(data.call_id)}`), 404, 'CALL_NOT_FOUND');
  });
});

describe('the number to call from', () => {
  it('is one of the callee’s country, then one with fewer calls, then the one used longest ago', async () => {
    const line = await lineAt('twilio', 3);
    const shown = await Promise.all(line.numbers.map((number) => numberOf(line.api, number)));
    const first = expectSuccess(await make(line), 201);
    const country = shown.find(({ phone_number }) => phone_number === first.from)?.country;
    const local = shown.filter((number) => number.country === 'IN');
    if (local.length > 0) expect(country).toBe('IN');
    const second = expectSuccess(await make(line), 201);
    if (local.length !== 1) expect(second.from).not.toBe(first.from);
  });

  it('is never over its limit, however many ask at once', async () => {
    const line = await lineAt('twilio');
    const [number = ''] = line.numbers;
    expectSuccess(await line.api.patch(`/api/phone-number/${number}`).send({ max_concurrent_calls: 5 }), 200);
    const responses = await Promise.all(Array.from({ length: 30 }, () => make(line)));
    const placed = responses.filter(({ status }) => status === 201);
    expect(placed).toHaveLength(5);
    for (const response of responses.filter(({ status }) => status !== 201)) {
      expectError(response, 429, 'CALL_LIMIT_REACHED');
      expect(response.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect(await numberOf(line.api, number)).toMatchObject({ active_calls: 5 });
  });
});

describe('a placing whose answer is lost', () => {
  it('is a call all the same, and nobody dials again', async () => {
    const line = await lineAt('twilio');
    const before = placedAt('twilio').length;
    const lost = { apply_then_fail: true, fail_status: 500, only: 'write', fail_count: 1 } as const;
    app.simulator.control.twilio.mode.set(lost);
    const data = expectSuccess(await make(line), 201);
    expect(data).toMatchObject({ call_status: 'initiated' });
    // Its status callbacks name it, though its placing was never confirmed.
    await eventually(
      () => call(line, data.call_id),
      ({ call_status, provider_call_id }) => call_status === 'in_progress' && provider_call_id !== null,
    );
    expect(placedAt('twilio')).toHaveLength(before + 1);
  });
});

describe('errors', () => {
  it('come in the documented order', async () => {
    const line = await lineAt('twilio');
    const post = (body: object) => line.api.post('/api/agent/make-call').send(body);
    expectError(await post({}), 400, 'AGENT_ID_REQUIRED');
    expectError(await post({ agent_id: line.agentId }), 400, 'PHONE_NUMBER_REQUIRED');
    expectError(await post({ agent_id: line.agentId, phone_number: 5 }), 422, 'VALIDATION_FAILED');
    expectError(await post({ agent_id: line.agentId, phone_number: CALLEE, to: 1 }), 422, 'VALIDATION_FAILED');
    expectError(await post({ agent_id: NO_AGENT, phone_number: '12' }), 400, 'INVALID_PHONE_NUMBER_FORMAT');
    const unknown = await post({ agent_id: NO_AGENT, phone_number: CALLEE });
    expectError(unknown, 404, 'AGENT_NOT_FOUND');
    expect((unknown.body as { message: string }).message).toBe('Agent not found or not active');
    expectError(await make(line, { from: '+12025550123' }), 422, 'NUMBER_NOT_ATTACHED');
    expectError(await make(line, { metadata: { text: 'x'.repeat(17_000) } }), 422, 'VALIDATION_FAILED');

    const { agent_id: bare } = await createAgent(line.api, { connect: CONNECT });
    expectError(await make({ ...line, agentId: bare }), 422, 'NUMBER_NOT_ATTACHED');
    expectSuccess(await line.api.patch(`/api/agent/${line.agentId}`).send({ connect: null }), 200);
    expectError(await make(line), 422, 'AGENT_HAS_NO_MEDIA');
    expectSuccess(await line.api.patch(`/api/agent/${line.agentId}`).send({ status: 'inactive' }), 200);
    expectError(await make(line), 404, 'AGENT_NOT_FOUND');
  });
});
