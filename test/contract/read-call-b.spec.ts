import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADAPTERS } from '../../src/providers/adapters/registry';
import type { AnswerContext } from '../../src/providers/contract/answer';
import type { CallReport, PlacedCall, SoughtCall } from '../../src/providers/contract/call';
import type { AnyProviderAdapter, ProviderClient } from '../../src/providers/contract/provider-adapter';
import { ProviderError } from '../../src/providers/contract/provider-error';
import type { RouteTarget } from '../../src/providers/contract/route';
import { HttpClient } from '../../src/providers/support/http-client';
import type { SimCall } from '../../src/simulator/core/call';
import type { CallBook } from '../../src/simulator/core/call-book';
import type { Vendor } from '../../src/simulator/core/vendor';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createVendors, type VendorName } from '../../src/simulator/vendors';
import { MemoryResources } from '../support/contract/memory-resources';
import { untilPasses } from '../support/until-passes';

const FAR = '+12025550147';
const ANOTHER = '+12025550148';
const UNKNOWN = '11111111-2222-4333-8444-555555555555';
const SIX_HOURS_MS = 21_600_000;

/** Vendors that tell, with what none of their calls shows: whether it lists calls under way, and when one was answered. */
const TELLING = [
  { name: 'vonage', listsUnderWay: true, tellsAnswer: true },
  { name: 'plivo', listsUnderWay: true, tellsAnswer: true },
  { name: 'exotel', listsUnderWay: false, tellsAnswer: false },
] as const;

/** Answers with one document, at once or when it is let. */
class Answering {
  document = { contentType: 'text/plain', body: '' };
  private held: ServerResponse[] | null = null;
  private readonly server: Server = createServer((request, response) => {
    request.resume().on('end', () => (this.held ? this.held.push(response) : this.answer(response)));
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get isAsked(): boolean {
    return (this.held ?? []).length > 0;
  }

  hold(): void {
    this.held = [];
  }

  let(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const response of held) this.answer(response);
  }

  async close(): Promise<void> {
    this.let();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(response: ServerResponse): void {
    const { contentType, body } = this.document;
    response.writeHead(200, { 'Content-Type': contentType }).end(body);
  }
}

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
  return error;
}

/** Vendors tell whole seconds. */
const second = (ms: number | null) => (ms === null ? null : Math.floor(ms / 1000) * 1000);

describe.each(TELLING)('how calls go at $name', ({ name, listsUnderWay, tellsAnswer }) => {
  const adapter = (ADAPTERS as Record<VendorName, AnyProviderAdapter>)[name];
  const us = new Answering();
  let simulator: Simulator;
  let vendor: Vendor<unknown>;
  let http: HttpClient[];
  let resources: MemoryResources;
  let client: ProviderClient;
  let target: RouteTarget;
  let own: string;

  beforeAll(() => us.open());
  afterAll(() => us.close());

  beforeEach(async () => {
    simulator = await startSimulator();
    vendor = simulator[name];
    vendor.seed(vendor.demoSeed);
    http = [];
    resources = new MemoryResources();
    client = connect();
    const [demo] = vendor.demos;
    [own] = demo.numbers;
    target = { answerUrl: `${us.url}/inbound/${name}/key`, statusUrl: `${us.url}/inbound/${name}/key/status` };
    vendor.bind?.(own, target.answerUrl);
    await client.route((await client.find(own)) ?? { phoneNumber: own, providerNumberId: null }, target);
    const answer = { kind: 'stream' as const, url: 'wss://agent.example.com/media', parameters: {} };
    const context: AnswerContext = { credentials: credentials(), providerCallId: 'x', from: FAR, to: own };
    us.document = adapter.answer?.render(answer, context) ?? us.document;
  });

  afterEach(async () => {
    us.let();
    await Promise.all(http.map((each) => each.close()));
    await simulator.close();
  });

  function credentials(changed: Record<string, string> = {}) {
    return Object.assign(new adapter.credentials(), vendor.demos[0].credentials, changed);
  }

  function connect(timeoutMs = 5_000, changed: Record<string, string> = {}): ProviderClient {
    const each = new HttpClient({ vendor: name, baseUrl: simulator.vendorUrl(name), timeoutMs });
    http.push(each);
    return adapter.connect(credentials(changed), each, resources);
  }

  function book(): CallBook {
    if (!vendor.calls) throw new Error(`${name} has no calls over HTTP`);
    return vendor.calls;
  }

  function place(to = FAR, by = client): Promise<PlacedCall> {
    const { answerUrl, statusUrl } = target;
    return by.placeCall({ from: own, to, answerUrl, statusUrl, target, stream: null, ringTimeoutS: 30 });
  }

  /** The call of the simulator that was placed last, once it is there. */
  function placed(status: SimCall['status'], to = FAR): Promise<SimCall> {
    return untilPasses(() => {
      const call = book().list().at(-1);
      expect(call).toMatchObject({ direction: 'outbound', to, status });
      if (!call) throw new Error('no call');
      return call;
    });
  }

  function sought(more: Partial<SoughtCall> = {}): SoughtCall {
    const about = { direction: 'outbound' as const, ownNumber: own, farEnd: FAR, startedAt: Date.now() };
    return { providerCallId: null, ...about, others: [], ...more };
  }

  /** What is told of a call by the name that its placing was answered with. */
  async function placedAndRead(status: SimCall['status']): Promise<{ call: SimCall; report: CallReport; id: string }> {
    const { providerCallId: id } = await place();
    const call = await placed(status);
    return { call, id, report: await client.readCall(sought({ providerCallId: id })) };
  }

  it('tells that one rings', async () => {
    us.hold();
    const receiving = book().receive(FAR, own);
    await untilPasses(() => expect(us.isAsked).toBe(true));
    const id = book().list()[0]?.id ?? '';
    expect(await client.readCall(sought({ providerCallId: id, direction: 'inbound' }))).toEqual({
      kind: 'found',
      providerCallId: id,
      status: 'ringing',
      answeredAt: null,
      endedAt: null,
      durationS: null,
      endReason: null,
    });
    us.let();
    await receiving;
    const report = await client.readCall(sought({ providerCallId: id, direction: 'inbound' }));
    expect(report).toMatchObject({ status: 'in_progress', endedAt: null, durationS: null });
  });

  it('tells that one is answered, by the name that its placing was answered with', async () => {
    const { call, report } = await placedAndRead('in_progress');
    expect(report).toMatchObject({
      kind: 'found',
      providerCallId: call.id,
      status: 'in_progress',
      endedAt: null,
      durationS: null,
      endReason: null,
    });
  });

  it('tells how long one was, by either name', async () => {
    const { call, id } = await placedAndRead('in_progress');
    await book().end(call.id, { status: 'completed', duration_s: 61 });
    const expected = {
      kind: 'found',
      providerCallId: call.id,
      status: 'completed',
      answeredAt: tellsAnswer ? second(call.answered_at) : null,
      endedAt: second(call.ended_at),
      durationS: 61,
    };
    expect(await client.readCall(sought({ providerCallId: id }))).toMatchObject(expected);
    expect(await client.readCall(sought({ providerCallId: call.id }))).toMatchObject(expected);
  });

  it.each(['busy', 'no_answer', 'failed'] as const)('tells that one came to nothing: %s', async (outcome) => {
    book().setOutcome(FAR, outcome);
    const { report } = await placedAndRead(outcome);
    expect(report).toMatchObject({ kind: 'found', status: outcome, answeredAt: null });
    if (report.kind === 'found') {
      expect(report.durationS ?? 0).toBe(0);
      expect(report.endReason).toEqual(expect.any(String));
    }
  });

  if (adapter.capabilities.hangup) {
    it('tells of the end of one that we have hung up', async () => {
      const { id } = await placedAndRead('in_progress');
      await client.hangup({ providerCallId: id, ownNumber: own, farEnd: FAR });
      await placed('completed');
      expect(await client.readCall(sought({ providerCallId: id }))).toMatchObject({ status: 'completed' });
    });
  }

  it.each(['inbound', 'outbound'] as const)('knows no %s call of another name, whatever else there is', async (of) => {
    const unknown = sought({ providerCallId: UNKNOWN, direction: of });
    expect(await client.readCall(unknown)).toEqual({ kind: 'absent' });
    const { call } = await placedAndRead('in_progress');
    expect(await client.readCall(unknown)).toEqual({ kind: 'absent' });
    await book().end(call.id, { status: 'completed', duration_s: 1 });
    expect(await client.readCall(unknown)).toEqual({ kind: 'absent' });
  });

  describe.each([{ hang: true }, { fail_status: 500 }])('of which the placing was not confirmed (%j)', (fault) => {
    const lose = async (): Promise<SoughtCall> => {
      const call = sought();
      simulator.control[name].mode.set({ ...fault, apply_then_fail: true, only: 'write', fail_count: 1 });
      expect(await failureOf(place(FAR, connect(300)))).toMatchObject({ kind: 'transient', isOutcomeUnknown: true });
      simulator.control[name].mode.clear();
      return call;
    };

    it('finds one by its numbers', async () => {
      const call = await lose();
      const { id } = await placed('in_progress');
      const report = await client.readCall(call);
      if (listsUnderWay) {
        expect(report).toMatchObject({ kind: 'found', providerCallId: id, status: 'in_progress' });
      } else {
        expect(report).toEqual({ kind: 'untold' });
      }
      await book().end(id, { status: 'completed', duration_s: 42 });
      expect(await client.readCall(call)).toMatchObject({
        kind: 'found',
        providerCallId: id,
        status: 'completed',
        durationS: 42,
      });
    });

    it('finds the first of several that is none of the others', async () => {
      const known = await place();
      const first = await placed('in_progress');
      await place(ANOTHER);
      await placed('in_progress', ANOTHER);
      const call = { ...(await lose()), startedAt: first.started_at, others: [known.providerCallId] };
      const { id } = await placed('in_progress');
      await place();
      const last = await placed('in_progress');
      expect(new Set([first.id, id, last.id]).size).toBe(3);
      for (const { id: each, status } of book().list()) {
        if (status === 'in_progress') await book().end(each, { status: 'completed', duration_s: 3 });
      }
      expect(await client.readCall(call)).toMatchObject({ kind: 'found', providerCallId: id });
    });
  });

  it('finds none where none was placed, and takes no other for it', async () => {
    const none = { kind: listsUnderWay ? 'absent' : 'untold' };
    expect(await client.readCall(sought())).toEqual(none);
    const { providerCallId } = await place();
    const call = await placed('in_progress');
    await place(ANOTHER);
    const another = await placed('in_progress', ANOTHER);
    const others = [providerCallId];
    expect(await client.readCall(sought({ others }))).toEqual(none);
    await book().end(call.id, { status: 'completed', duration_s: 1 });
    await book().end(another.id, { status: 'completed', duration_s: 1 });
    expect(await client.readCall(sought({ others }))).toEqual(none);
    // Placed from the other end, before, and long after.
    expect(await client.readCall(sought({ ownNumber: FAR, farEnd: own }))).toEqual(none);
    expect(await client.readCall(sought({ startedAt: Date.now() + 120_000 }))).toEqual(none);
    expect(await client.readCall(sought({ startedAt: Date.now() - SIX_HOURS_MS }))).toEqual({ kind: 'absent' });
  });

  it('takes no call that came in for one that was placed', async () => {
    await book().receive(FAR, own);
    for (const { id } of book().list()) await book().end(id, { status: 'completed', duration_s: 1 });
    const turned = sought({ ownNumber: FAR, farEnd: own });
    for (const call of [sought(), turned]) expect((await client.readCall(call)).kind).not.toBe('found');
  });

  it('passes on that it is to wait, and that it failed', async () => {
    simulator.control[name].mode.set({ fail_status: 429, fail_count: 1, retry_after_s: 7 });
    const call = sought({ providerCallId: UNKNOWN });
    expect(await failureOf(client.readCall(call))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 });
    for (const providerCallId of [UNKNOWN, null]) {
      simulator.control[name].mode.set({ fail_status: 503 });
      expect(await failureOf(client.readCall({ ...call, providerCallId }))).toMatchObject({ kind: 'transient' });
    }
  });

  it('rejects wrong credentials', async () => {
    const wrong = connect(5_000, { auth_token: 'wrong', api_token: 'wrong' });
    // Vonage is asked with the key of the application, not with the account's.
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    resources.values = { ...resources.values, private_key: privateKey };
    for (const providerCallId of [UNKNOWN, null]) {
      expect(await failureOf(wrong.readCall(sought({ providerCallId })))).toMatchObject({
        kind: 'credentials_rejected',
      });
    }
  });
});

describe.each(['ozonetell', 'san'] as const)('how calls go at %s', (name) => {
  it('is not told, whatever is asked', async () => {
    const adapter = (ADAPTERS as Record<VendorName, AnyProviderAdapter>)[name];
    const vendor: Vendor<unknown> = createVendors({ now: Date.now })[name];
    const credentials = Object.assign(new adapter.credentials(), vendor.demos[0].credentials);
    const http = { send: () => Promise.reject(new Error('asked')) };
    const client = adapter.connect(credentials, http, new MemoryResources());
    const call: Omit<SoughtCall, 'providerCallId'> = {
      direction: 'outbound',
      ownNumber: vendor.demos[0].numbers[0],
      farEnd: FAR,
      startedAt: 0,
      others: [],
    };
    expect(await client.readCall({ ...call, providerCallId: null })).toEqual({ kind: 'untold' });
    expect(await client.readCall({ ...call, providerCallId: '1' })).toEqual({ kind: 'untold' });
  });
});
