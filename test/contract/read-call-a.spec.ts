import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADAPTERS } from '../../src/providers/adapters/registry';
import type { Answer, AnswerRenderer } from '../../src/providers/contract/answer';
import type { CallReport, CallStatus, SoughtCall } from '../../src/providers/contract/call';
import type { AnyProviderAdapter, ProviderClient } from '../../src/providers/contract/provider-adapter';
import { ProviderError } from '../../src/providers/contract/provider-error';
import type { RouteTarget } from '../../src/providers/contract/route';
import type { WebhookRequest } from '../../src/providers/contract/webhook';
import { HttpClient } from '../../src/providers/support/http-client';
import type { SimCall } from '../../src/simulator/core/call';
import type { CallBook } from '../../src/simulator/core/call-book';
import type { Mode } from '../../src/simulator/core/mode';
import type { Vendor } from '../../src/simulator/core/vendor';
import type { VendorControl } from '../../src/simulator/core/vendor-control';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createVendors } from '../../src/simulator/vendors';
import { MemoryResources } from '../support/contract/memory-resources';
import { OurSide } from '../support/contract/our-side';
import { untilPasses } from '../support/until-passes';

const FAR_END = '+12025550147';
const ANOTHER = '+12025550148';
const QUERY = '?call_id=call_01kawgyqr4e3v9m2t5x8b7c6dn';
const STREAM: Answer = { kind: 'stream', url: 'wss://agent.example.com/media', parameters: { call_id: 'call_1' } };

interface Told {
  readonly name: 'twilio' | 'telnyx' | 'bandwidth';
  /** What an unanswered call is told to be: Bandwidth does not tell whether it rings. */
  readonly ringing: CallStatus;
  readonly unknownId: string;
  /** Whether its times are more than seconds, and it tells when a call was answered and why it ended. */
  readonly isExact: boolean;
}

const VENDORS: readonly Told[] = [
  { name: 'twilio', ringing: 'ringing', unknownId: `CA${'0'.repeat(32)}`, isExact: false },
  { name: 'telnyx', ringing: 'ringing', unknownId: 'v3:unknown', isExact: false },
  { name: 'bandwidth', ringing: 'initiated', unknownId: 'c-unknown', isExact: true },
];
const KINDS = VENDORS.flatMap((told) => {
  const vendor: Vendor<unknown> = createVendors({ now: Date.now })[told.name];
  return vendor.demos.map((demo) => ({ ...told, demo, account: demo.account }));
});

describe.each(KINDS)('readCall of $name, account $account', ({ name, demo, ringing, unknownId, isExact }) => {
  const adapter: AnyProviderAdapter = ADAPTERS[name];
  const [own] = demo.numbers;
  const path = `/inbound/${name}/key`;
  let simulator: Simulator;
  let vendor: Vendor<unknown>;
  let control: VendorControl;
  let ourSide: OurSide;
  let http: HttpClient[];
  let resources: MemoryResources;
  let client: ProviderClient;

  const credentials = Object.assign(new adapter.credentials(), demo.credentials);

  beforeEach(async () => {
    ourSide = await OurSide.open();
    simulator = await startSimulator();
    vendor = simulator[name];
    control = simulator.control[name];
    vendor.seed(vendor.demoSeed);
    http = [];
    resources = new MemoryResources();
    client = connect();
    const context = { credentials, providerCallId: 'the-call', from: own, to: FAR_END };
    ourSide.document = (adapter.answer as AnswerRenderer).render(STREAM, context);
  });

  afterEach(async () => {
    await Promise.all(http.map((each) => each.close()));
    await simulator.close();
    await ourSide.close();
  });

  function connect(timeoutMs = 5_000): ProviderClient {
    const each = new HttpClient({ vendor: name, baseUrl: simulator.vendorUrl(name), timeoutMs });
    http.push(each);
    return adapter.connect(credentials, each, resources);
  }

  function calls(): CallBook {
    if (!vendor.calls) throw new Error(`${name} has no calls over HTTP`);
    return vendor.calls;
  }

  function outbound(): SimCall[] {
    return calls()
      .list()
      .filter(({ direction }) => direction === 'outbound');
  }

  function targetAt(base: string): RouteTarget {
    return { answerUrl: base + path, statusUrl: `${base}${path}/status` };
  }

  async function place(to = FAR_END, by = client): Promise<string> {
    const target = targetAt(ourSide.url);
    const { providerCallId } = await by.placeCall({
      from: own,
      to,
      answerUrl: target.answerUrl + QUERY,
      statusUrl: target.statusUrl + QUERY,
      target,
      stream: null,
      ringTimeoutS: 30,
    });
    return providerCallId;
  }

  /** Makes what calls share, so that the only request left that changes something is the one for the call. */
  async function prepare(): Promise<void> {
    await answered(await place(ANOTHER));
    calls().clear();
    ourSide.requests.length = 0;
  }

  async function reached(id: string, status: SimCall['status']): Promise<SimCall> {
    await untilPasses(() => expect(calls().find(id)).toMatchObject({ status }));
    const call = calls().find(id);
    if (!call) throw new Error(`There is no call ${id}`);
    return call;
  }

  /** In progress once the agent's stream is connected. */
  async function answered(id: string): Promise<void> {
    await untilPasses(() => expect(calls().find(id)).toMatchObject({ understood: { action: 'stream' } }));
    await reached(id, 'in_progress');
  }

  function read(more: Partial<SoughtCall>): Promise<CallReport> {
    const sought = {
      direction: 'outbound',
      ownNumber: own,
      farEnd: FAR_END,
      startedAt: Date.now(),
      others: [],
    } as const;
    return client.readCall({ providerCallId: null, ...sought, ...more });
  }

  function near(time: number | null): unknown {
    if (time === null) return null;
    return isExact ? time : Math.floor(time / 1000) * 1000;
  }

  describe('by the name of the call', () => {
    it('tells of one that comes in and is not answered yet', async () => {
      const { server, url, release } = await holdingServer();
      try {
        const number = await client.find(own);
        await client.route(number ?? { phoneNumber: own, providerNumberId: null }, targetAt(url));
        const received = calls().receive(FAR_END, own);
        const [{ id } = { id: '' }] = calls().list();
        expect(await read({ providerCallId: id, direction: 'inbound' })).toEqual({
          kind: 'found',
          providerCallId: id,
          status: ringing,
          answeredAt: null,
          endedAt: null,
          durationS: null,
          endReason: null,
        });
        release();
        await received;
      } finally {
        release();
        server.closeAllConnections();
        server.close();
      }
    });

    it('tells of one in progress, and of its end', async () => {
      const id = await place();
      await answered(id);
      const live = await read({ providerCallId: id });
      expect(live).toMatchObject({ kind: 'found', providerCallId: id, status: 'in_progress', endedAt: null });
      expect(live).toMatchObject({ durationS: null, endReason: null });

      const { answered_at: answeredAt, ended_at: endedAt } = await calls().end(id, {
        status: 'completed',
        duration_s: 42,
      });
      expect(await read({ providerCallId: id })).toEqual({
        kind: 'found',
        providerCallId: id,
        status: 'completed',
        answeredAt: isExact ? answeredAt : null,
        endedAt: near(endedAt),
        durationS: 42,
        endReason: isExact ? 'hangup' : null,
      });
    });

    it('tells of one that we hung up', async () => {
      const id = await place();
      await answered(id);
      await client.hangup({ providerCallId: id, ownNumber: own, farEnd: FAR_END });
      await reached(id, 'completed');
      expect(await read({ providerCallId: id })).toMatchObject({ kind: 'found', status: 'completed' });
    });

    it.each([
      ['busy', 'busy'],
      ['no_answer', 'timeout'],
    ] as const)('tells of one that ends %s', async (status, reason) => {
      calls().setOutcome(FAR_END, status);
      const id = await place();
      const { ended_at: endedAt } = await reached(id, status);
      expect(await read({ providerCallId: id })).toEqual({
        kind: 'found',
        providerCallId: id,
        status,
        answeredAt: null,
        endedAt: near(endedAt),
        durationS: null,
        endReason: isExact ? reason : null,
      });
    });

    it('knows of none that is not there', async () => {
      await place();
      expect(await read({ providerCallId: unknownId })).toEqual({ kind: 'absent' });
    });

    it('fails as every request does', async () => {
      const id = await place();
      control.mode.set({ fail_status: 503 });
      await expect(read({ providerCallId: id })).rejects.toMatchObject({ kind: 'transient' });
      await expect(read({})).rejects.toMatchObject({ kind: 'transient' });
      control.mode.set({ fail_status: 429, retry_after_s: 7 });
      await expect(read({ providerCallId: id })).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 });
    });
  });

  describe('by the numbers', () => {
    beforeEach(prepare);

    async function lose(fault: Mode): Promise<void> {
      control.mode.set({ ...fault, only: 'write', fail_count: 1 });
      const error: unknown = await place(FAR_END, connect(300)).catch((reason: unknown) => reason);
      control.mode.clear();
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ kind: 'transient', isOutcomeUnknown: true });
    }

    it.each<Mode>([{ fail_status: 502 }, { hang: true }])(
      'finds one whose placing was not confirmed (%j)',
      async (fault) => {
        const startedAt = Date.now();
        await lose({ ...fault, apply_then_fail: true });
        const [{ id } = { id: '' }] = outbound();
        await answered(id);
        expect(await read({ startedAt })).toMatchObject({ kind: 'found', providerCallId: id, status: 'in_progress' });
        await calls().end(id, { status: 'completed', duration_s: 7 });
        expect(await read({ startedAt })).toMatchObject({ status: 'completed', durationS: 7 });
      },
    );

    it.each<Mode>([{ fail_status: 502 }, { hang: true }])('finds none that was never placed (%j)', async (fault) => {
      const startedAt = Date.now();
      await lose(fault);
      expect(outbound()).toEqual([]);
      expect(await read({ startedAt })).toEqual({ kind: 'absent' });
    });

    it('takes none that is known by its name, then the earliest', async () => {
      const first = await place();
      expect(await read({})).toMatchObject({ kind: 'found', providerCallId: first });
      expect(await read({ others: [first] })).toEqual({ kind: 'absent' });
      const second = await place();
      const third = await place();
      expect(await read({ others: [first] })).toMatchObject({ kind: 'found', providerCallId: second });
      expect(await read({ others: [first, second] })).toMatchObject({ kind: 'found', providerCallId: third });
      expect(await read({ others: [first, second, third] })).toEqual({ kind: 'absent' });
    });

    it('finds one that the vendor has only queued', async () => {
      const id = await place();
      await answered(id);
      const call = calls().find(id);
      if (call) Object.assign(call, { status: 'queued', answered_at: null });
      expect(await read({})).toMatchObject({ kind: 'found', providerCallId: id });
    });

    it('takes no call of other numbers, of the other direction or of another time', async () => {
      await place(ANOTHER);
      await calls().receive(FAR_END, own);
      expect(await read({})).toEqual({ kind: 'absent' });
      const id = await place();
      expect(await read({ farEnd: FAR_END.slice(0, -1) })).toEqual({ kind: 'absent' });
      expect(await read({ startedAt: Date.now() + 120_000 })).toEqual({ kind: 'absent' });
      expect(await read({ startedAt: Date.now() - 3_600_000 })).toEqual({ kind: 'absent' });
      expect(await read({ startedAt: Date.now() + 30_000 })).toMatchObject({ kind: 'found', providerCallId: id });
    });

    it('looks for none that we did not place', async () => {
      await place();
      expect(await read({ direction: 'inbound' })).toEqual({ kind: 'untold' });
      expect(await read({ farEnd: null })).toEqual({ kind: 'untold' });
    });
  });

  describe('URLs with a query', () => {
    const verify = (request: WebhookRequest) =>
      adapter.webhook.verify(request, { credentials, shared: resources.values, nowMs: Date.now() });
    const parse = (request: WebhookRequest) => adapter.webhook.parse(request, { country: null });

    it('are asked as they are, and what comes in there is authentic and understood', async () => {
      const id = await place();
      await answered(id);
      await calls().end(id, { status: 'completed', duration_s: 3 });
      const urls = [...new Set(ourSide.requests.map(({ url }) => url))].sort();
      expect(urls).toEqual([`${ourSide.url}${path}/status${QUERY}`, `${ourSide.url}${path}${QUERY}`]);
      for (const request of ourSide.requests) {
        expect(request.method).toBe('POST');
        expect(verify(request)).toMatchObject({ kind: 'authentic' });
        expect(parse(request)).toMatchObject({
          providerCallIds: expect.arrayContaining([id]) as unknown,
          direction: 'outbound',
          from: own,
          to: FAR_END,
        });
      }
      expect(ourSide.at(path).map((request) => parse(request)?.kind)).toEqual(['call']);
      const told = ourSide.at(`${path}/status`).map(parse);
      expect(told.at(-1)).toMatchObject({ kind: 'status', status: 'completed', durationS: 3 });
    });

    it('are asked by GET with the query in front of what the vendor says', async () => {
      await prepare();
      const url = ourSide.url + path + QUERY;
      const { callback_user: username = '', callback_password: password = '' } = resources.values ?? {};
      const details = { answer_url: url, answer_method: 'GET', username, password };
      calls().place({ id: unknownId, account: demo.account, from: own, to: FAR_END, details });
      await untilPasses(() => expect(ourSide.at(path)).toHaveLength(1));
      const [request] = ourSide.at(path);
      if (!request) throw new Error('nothing came in');
      expect(request).toMatchObject({ method: 'GET', url: expect.stringContaining(`${url}&`) as unknown });
      // Telnyx signs the body alone, so what a GET says is proven by nothing.
      expect(verify(request).kind).toBe(name === 'telnyx' ? 'rejected' : 'authentic');
      // Bandwidth's events are JSON.
      if (name === 'bandwidth') expect(parse(request)).toBeNull();
      else expect(parse(request)).toMatchObject({ kind: 'call', providerCallIds: [unknownId], from: own, to: FAR_END });
    });
  });
});

/** Never answers before it is told to. */
async function holdingServer(): Promise<{ server: Server; url: string; release: () => void }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const server = createServer((request, response) => {
    request.resume();
    void released.then(() => response.writeHead(200, { 'Content-Type': 'text/plain' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, release: () => release() };
}
