import { ADAPTERS } from '../../src/providers/adapters/registry';
import type { Answer, AnswerRenderer } from '../../src/providers/contract/answer';
import type { AnyProviderAdapter, ProviderClient } from '../../src/providers/contract/provider-adapter';
import type { CredentialField } from '../../src/providers/contract/credentials';
import { ProviderError } from '../../src/providers/contract/provider-error';
import type { NumberReference, OwnedNumber, RouteSnapshot, RouteTarget } from '../../src/providers/contract/route';
import type { CallProgressed, WebhookRequest } from '../../src/providers/contract/webhook';
import type { ProviderName } from '../../src/common/provider-name';
import { HttpClient } from '../../src/providers/support/http-client';
import type { SimCall } from '../../src/simulator/core/call';
import type { CallBook } from '../../src/simulator/core/call-book';
import type { Vendor } from '../../src/simulator/core/vendor';
import type { VendorControl } from '../../src/simulator/core/vendor-control';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createVendors, VENDOR_NAMES } from '../../src/simulator/vendors';
import { MemoryResources } from '../support/contract/memory-resources';
import { OurSide } from '../support/contract/our-side';
import { untilPasses } from '../support/until-passes';

const CALLER = '+12025550147';
const UNKNOWN = '+12025550199';
const MORE = ['+912244550001', '+912244550002', '+912244550003'];
const AWKWARD = `Fish & "chips" <at> five o'clock 😀`;

const ANSWERS: Record<Answer['kind'], Answer> = {
  stream: {
    kind: 'stream',
    url: 'wss://agent.example.com/media',
    parameters: { call_id: 'call_1', agent_id: 'agent_1' },
  },
  sip: { kind: 'sip', uri: 'sip:agent@sip.example.com', callerId: null },
  dial: { kind: 'dial', to: '+12025550123', callerId: null },
  say: { kind: 'say', text: AWKWARD, language: null },
  reject: { kind: 'reject', reason: 'busy' },
};

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
  return error;
}

/** What a route held; some vendors offer no way back to nothing, and then have a number lead to what is nobody's. */
function held(route: RouteSnapshot | undefined): Record<string, string> {
  const members = Object.entries(route ?? {});
  return Object.fromEntries(members.filter((member): member is [string, string] => member[1] !== null));
}

const adapters: Record<ProviderName, AnyProviderAdapter> = ADAPTERS;

/** Each kind of account that the simulated vendors have, with the adapter of the vendor's name. */
const KINDS = VENDOR_NAMES.flatMap((name) => {
  const vendor: Vendor<unknown> = createVendors({ now: Date.now })[name];
  return vendor.demos.map((demo) => ({
    name,
    account: demo.account,
    demo,
    adapter: adapters[name],
  }));
});

it('knows an adapter for every simulated vendor, and the other way round', () => {
  expect([...VENDOR_NAMES].sort()).toEqual(Object.keys(ADAPTERS).sort());
});

/** Every adapter of the registry against the simulated vendor of its name. What the vendor cannot do is not asked. */
describe.each(KINDS)('$name, account $account', ({ name, adapter, demo }) => {
  const { capabilities } = adapter;
  const inboundPath = `/inbound/${name}/key`;
  let simulator: Simulator;
  let vendor: Vendor<unknown>;
  let control: VendorControl;
  let ourSide: OurSide;
  let http: HttpClient[];
  let resources: MemoryResources;
  let client: ProviderClient;
  let target: RouteTarget;
  let one: string;
  let two: string;

  beforeEach(async () => {
    ourSide = await OurSide.open();
    simulator = await startSimulator();
    vendor = simulator[name];
    control = simulator.control[name];
    vendor.seed(vendor.demoSeed);
    [one, two] = demo.numbers;
    http = [];
    resources = new MemoryResources();
    client = connect();
    target = targetAt(inboundPath);
  });

  afterEach(async () => {
    await Promise.all(http.map((each) => each.close()));
    await simulator.close();
    await ourSide.close();
  });

  const credentialsOf = (texts: object) => Object.assign(new adapter.credentials(), texts);

  function connect({ credentials = demo.credentials, timeoutMs = 5_000 } = {}): ProviderClient {
    const each = new HttpClient({ vendor: name, baseUrl: simulator.vendorUrl(name), timeoutMs });
    http.push(each);
    return adapter.connect(credentialsOf(credentials), each, resources);
  }

  function secretFields(): CredentialField[] {
    return adapter.credentialFields.filter((field) => field.secret);
  }

  /** The demo's credentials with every secret changed that is no identifier. */
  function wrongCredentials(): Record<string, string> {
    const secret = secretFields().map((field) => field.name);
    const altered = Object.entries(demo.credentials).map(([field, value]) => [
      field,
      secret.includes(field) ? value.replace(/.$/, (last) => (last === '0' ? '1' : '0')) : value,
    ]);
    return Object.fromEntries(altered) as Record<string, string>;
  }

  function targetAt(path: string): RouteTarget {
    return { answerUrl: ourSide.url + path, statusUrl: `${ourSide.url}${path}/status` };
  }

  async function owned(e164: string): Promise<NumberReference> {
    return (await client.find(e164)) ?? { phoneNumber: e164, providerNumberId: null };
  }

  /** Where a call to the number goes: the path of ours that is asked, or nothing of ours. */
  async function reached(e164: string): Promise<string | null> {
    const call = await calls().receive(CALLER, e164);
    const document = call.exchanges.find(({ purpose }) => purpose === 'document');
    return document?.url.startsWith(ourSide.url) ? new URL(document.url).pathname : null;
  }

  function calls(): CallBook {
    if (!vendor.calls) throw new Error(`${name} has no calls over HTTP`);
    return vendor.calls;
  }

  it('takes the credentials of its fields, and says what it can do', () => {
    expect(adapter.name).toBe(name);
    const known = adapter.credentialFields.map((field) => field.name);
    expect(Object.keys(demo.credentials).filter((field) => !known.includes(field))).toEqual([]);
  });

  it('proves right credentials and rejects wrong ones', async () => {
    const { verified } = await client.verify();
    const wrong = wrongCredentials();
    const answer = await connect({ credentials: wrong })
      .verify()
      .catch((error: unknown) => error);
    // Where a refusal cannot be told from another fault, nothing is proven and nothing rejected.
    if (!verified || (answer as { verified?: boolean }).verified === false) return;
    expect(answer).toMatchObject({ kind: 'credentials_rejected' });
    for (const { name: field } of secretFields()) {
      const value = wrong[field];
      if (value !== undefined) expect((answer as Error).message).not.toContain(value);
    }
  });

  if (capabilities.list) {
    it('lists every number once, and goes on from where a page had ended', async () => {
      vendor.hold(demo.account, MORE);
      const all: OwnedNumber[] = [];
      const ends: (string | null)[] = [];
      for await (const page of client.numbers(null)) {
        all.push(...page.numbers);
        ends.push(page.next);
      }
      const found = all.map(({ phoneNumber }) => phoneNumber);
      expect(found).toEqual(expect.arrayContaining([...demo.numbers, ...MORE]));
      expect(new Set(found).size).toBe(found.length);
      const account = vendor.overview().accounts.find((each) => each.account === demo.account);
      const held = account?.numbers.map(({ number }) => number) ?? [];
      expect(found.filter((e164) => !held.includes(e164))).toEqual([]);
      expect(ends.at(-1)).toBeNull();
      for (const next of ends) expect((next ?? '').length).toBeLessThanOrEqual(1_024);
    });
  }

  if (capabilities.lookup) {
    it('finds the number itself and no other', async () => {
      expect(await client.find(one)).toMatchObject({ phoneNumber: one });
      expect(await client.find(UNKNOWN)).toBeNull();
      expect(await client.find(one.slice(0, -1))).toBeNull();
      expect(await client.find(`${one}1`)).toBeNull();
    });
  }

  if (capabilities.route) {
    describe('routing', () => {
      beforeEach(() => vendor.bind?.(one, target.answerUrl));

      it('leads calls to us', async () => {
        const number = await owned(one);
        expect((await client.readRoute(number)).matches(target)).toBe(false);
        await client.route(number, target);
        expect((await client.readRoute(number)).matches(target)).toBe(true);
        expect(await reached(one)).toBe(inboundPath);
      });

      it('leads all of its numbers to us, whatever led elsewhere before', async () => {
        for (const e164 of demo.numbers) {
          await client.route(await owned(e164), target);
          expect([e164, await reached(e164)]).toEqual([e164, inboundPath]);
        }
      });

      it('leads them elsewhere when told so, and is harmless to repeat', async () => {
        const number = await owned(one);
        await client.route(number, target);
        await client.route(number, target);
        const moved = targetAt(`${inboundPath}-moved`);
        await client.route(number, moved);
        vendor.bind?.(one, moved.answerUrl);
        expect((await client.readRoute(number)).matches(moved)).toBe(true);
        expect(await reached(one)).toBe(`${inboundPath}-moved`);
      });

      it('gives each number its former route back, and leaves the others alone', async () => {
        const former = new Map<string, RouteSnapshot>();
        for (const e164 of demo.numbers) {
          const number = await owned(e164);
          const before = (await client.readRoute(number)).snapshot;
          former.set(e164, before);
          await client.route(number, target);
        }
        const [first, ...others] = demo.numbers;
        await client.unroute(await owned(first), former.get(first) ?? null, [target]);
        expect((await client.readRoute(await owned(first))).snapshot).toEqual(former.get(first));
        for (const e164 of others) expect(await reached(e164)).toBe(inboundPath);
        for (const e164 of others) await client.unroute(await owned(e164), former.get(e164) ?? null, [target]);
        for (const e164 of demo.numbers) {
          const { snapshot } = await client.readRoute(await owned(e164));
          expect([e164, snapshot]).toEqual([e164, expect.objectContaining(held(former.get(e164)))]);
          expect([e164, await reached(e164)]).not.toEqual([e164, inboundPath]);
        }
      });

      it('gives back twice what was given back', async () => {
        const number = await owned(one);
        const { snapshot } = await client.readRoute(number);
        await client.route(number, target);
        await client.unroute(number, snapshot, [target]);
        await client.unroute(number, snapshot, [target]);
        expect((await client.readRoute(number)).snapshot).toEqual(snapshot);
      });

      it('knows a number that the account does not hold', async () => {
        const number = { phoneNumber: UNKNOWN, providerNumberId: null };
        expect((await failureOf(client.readRoute(number))).kind).toBe('not_owned');
        expect((await failureOf(client.route(number, target))).kind).toBe('not_owned');
        await client.route(await owned(two), target);
        vendor.release(two);
        expect((await failureOf(client.readRoute({ phoneNumber: two, providerNumberId: null }))).kind).toBe(
          'not_owned',
        );
      });

      it('tells rejected credentials from a number that is not held', async () => {
        const number = await owned(one);
        const error = await failureOf(connect({ credentials: wrongCredentials() }).route(number, target));
        expect(error.kind).toBe('credentials_rejected');
      });

      it('passes on that it is to wait', async () => {
        const number = await owned(one);
        control.mode.set({ fail_status: 429, fail_count: 1, retry_after_s: 7 });
        expect(await failureOf(client.route(number, target))).toMatchObject({
          kind: 'rate_limited',
          retryAfterMs: 7_000,
        });
      });

      it.each([1, 2, 3, 4])('succeeds after %i failures', async (failures) => {
        const number = await owned(one);
        control.mode.set({ fail_status: 500, fail_count: failures });
        for (let attempt = 0; attempt < failures; attempt++) {
          const error = await client.route(number, target).then(
            () => undefined,
            (reason: unknown) => reason as ProviderError,
          );
          if (error) expect(error.kind).toBe('transient');
        }
        control.mode.clear();
        await client.route(number, target);
        expect(await reached(one)).toBe(inboundPath);
      });

      it.each([{ hang: true }, { fail_status: 500 }])(
        'is harmless to repeat after a change that was made and not confirmed (%j)',
        async (fault) => {
          const number = await owned(one);
          const { snapshot } = await client.readRoute(number);
          const hasty = connect({ timeoutMs: 300 });
          // Every change on the way is made and not confirmed, once; then all is well.
          for (let attempt = 0; attempt < 8; attempt++) {
            control.mode.set({ ...fault, apply_then_fail: true, only: 'write', fail_count: 1 });
            await hasty.route(number, target).catch(() => undefined);
          }
          control.mode.clear();
          await client.route(number, target);
          expect(await reached(one)).toBe(inboundPath);
          await client.unroute(number, snapshot, [target]);
          expect((await client.readRoute(number)).snapshot).toEqual(snapshot);
        },
      );

      it('leaves alone what somebody else has set since', async () => {
        const number = await owned(one);
        const { snapshot } = await client.readRoute(number);
        await client.route(number, target);
        // What another installation, or a colleague in the console, would do.
        const theirs = new MemoryResources('somebody-else');
        const each = new HttpClient({ vendor: name, baseUrl: simulator.vendorUrl(name) });
        http.push(each);
        const elsewhere = targetAt('/elsewhere');
        const other = adapter.connect(credentialsOf(demo.credentials), each, theirs);
        vendor.bind?.(one, elsewhere.answerUrl);
        await other.route(number, elsewhere);
        const set = (await client.readRoute(number)).snapshot;
        await client.unroute(number, snapshot, [target]);
        if (vendor.bind === null) expect((await client.readRoute(number)).snapshot).toEqual(set);
      });
    });
  } else {
    it('refuses to list, look up and route, and says why', async () => {
      const number = { phoneNumber: one, providerNumberId: null };
      for (const attempt of [client.find(one), client.readRoute(number), client.route(number, target)]) {
        const error = await failureOf(attempt);
        expect(error.kind).toBe('permanent');
        expect(error.message).toContain('by hand');
      }
    });
  }

  if (adapter.answer) {
    describe('calls', () => {
      const { webhook } = adapter;
      const renderer = adapter.answer as AnswerRenderer;

      beforeEach(async () => {
        vendor.bind?.(one, target.answerUrl);
        if (capabilities.route) await client.route(await owned(one), target);
      });

      const verify = (request: WebhookRequest, nowMs = Date.now()) =>
        webhook.verify(request, {
          credentials: credentialsOf(demo.credentials),
          shared: resources.values,
          nowMs,
        });

      async function received(answer: Answer): Promise<{ call: SimCall; request: WebhookRequest }> {
        const context = {
          credentials: credentialsOf(demo.credentials),
          providerCallId: 'the-call',
          from: CALLER,
          to: one,
        };
        ourSide.document = renderer.render(answer, context);
        const call = await calls().receive(CALLER, one);
        const request = ourSide.at(inboundPath).at(-1);
        if (!request) throw new Error('nothing came in');
        return { call, request };
      }

      it('come in authentic, from and to the right numbers', async () => {
        const { call, request } = await received(ANSWERS.stream);
        expect(verify(request)).toMatchObject({ kind: 'authentic' });
        expect(webhook.parse(request, { country: null })).toMatchObject({
          kind: 'call',
          direction: 'inbound',
          from: CALLER,
          to: one,
          providerCallIds: expect.arrayContaining([call.id]) as unknown,
        });
      });

      it('are connected to the agent, with what it has to know', async () => {
        const { call } = await received(ANSWERS.stream);
        expect(call.understood).toMatchObject({ action: 'stream' });
        if (call.understood?.action !== 'stream') throw new Error('no stream');
        expect(call.understood.url).toMatch(/^wss:\/\/agent\.example\.com\/media/);
        const carried = `${call.understood.url} ${JSON.stringify(call.understood.parameters)}`;
        expect(carried).toMatch(/call_?id/i);
        expect(carried).toContain('call_1');
        expect(carried).toContain('agent_1');
        expect(call.status).toBe('in_progress');
      });

      it.each(['sip', 'dial', 'say', 'reject'] as const)('are understood when the answer is %s', async (kind) => {
        const { call } = await received(ANSWERS[kind]);
        if (renderer.only && !renderer.only.includes(kind)) {
          expect(call.status).toBe('failed');
          return;
        }
        expect(call.understood?.action).not.toBe('invalid');
        if (call.understood?.action === 'sip') expect(call.understood.uri).toBe('sip:agent@sip.example.com');
        if (call.understood?.action === 'dial') expect(call.understood.to.replace(/\D/g, '')).toMatch(/2025550123$/);
        if (kind === 'dial') expect(call.understood?.action).toBe('dial');
        if (kind === 'say') expect(call.understood).toMatchObject({ action: 'say', text: AWKWARD });
        if (kind === 'reject') expect(call.understood?.action).toMatch(/^(reject|hangup)$/);
      });

      it('let no URL of an agent say more than a URL', async () => {
        const url = `wss://agent.example.com/a"/><Hangup/>]]>&x='"},{"action":"talk","text":"no"}`;
        const { call } = await received({ kind: 'stream', url, parameters: { call_id: `"/><Say>no</Say>` } });
        expect(['stream', 'invalid']).toContain(call.understood?.action);
      });

      it('are told of until their end', async () => {
        const { call } = await received(ANSWERS.stream);
        await calls().end(call.id, { status: 'completed', duration_s: 7 });
        const told = ourSide.at(`${inboundPath}/status`).map((request) => {
          expect(verify(request)).toMatchObject({ kind: 'authentic' });
          return webhook.parse(request, { country: null });
        });
        const ends = told.filter(
          (event): event is CallProgressed => event?.kind === 'status' && event.status === 'completed',
        );
        // Vendors whose status URL is set by hand tell nothing here; that is for their own specs.
        if (vendor.bind && told.length === 0) return;
        expect(ends).toHaveLength(1);
        expect(ends[0]?.providerCallIds).toContain(call.id);
      });

      if (capabilities.signed) {
        it('are refused when unsigned, altered, old, or of another account', async () => {
          const { request } = await received(ANSWERS.stream);
          const bare = Object.fromEntries(
            Object.entries(request.headers).filter(([header]) => /^(host|content|user-agent|accept)/.test(header)),
          );
          expect(verify({ ...request, headers: bare })).toMatchObject({ kind: 'rejected', why: 'unsigned' });

          const others = Object.fromEntries(
            Object.entries(demo.credentials).map(([field, value]) => [
              field,
              value.replace(/[0-9A-Za-z]/g, (letter) => (letter === 'A' ? 'B' : 'A')),
            ]),
          );
          const verdict = webhook.verify(request, {
            credentials: credentialsOf(others),
            shared: resources.values && Object.fromEntries(Object.keys(resources.values).map((key) => [key, 'other'])),
            nowMs: Date.now(),
          });
          expect(verdict).toMatchObject({ kind: 'rejected' });

          const flipped = Buffer.from(request.rawBody);
          flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
          expect(verify({ ...request, rawBody: flipped })).toMatchObject({ kind: 'rejected' });
        });
      }

      if (capabilities.call) {
        it('go out, are answered and told of', async () => {
          const context = {
            credentials: credentialsOf(demo.credentials),
            providerCallId: 'the-call',
            from: one,
            to: CALLER,
          };
          ourSide.document = renderer.render(ANSWERS.stream, context);
          const outPath = `${inboundPath}-out`;
          const { providerCallId } = await client.placeCall({
            from: one,
            to: CALLER,
            answerUrl: ourSide.url + outPath,
            statusUrl: `${ourSide.url}${outPath}/status`,
            target,
            stream: null,
            ringTimeoutS: 30,
          });
          await untilPasses(() => {
            const [call] = calls()
              .list()
              .filter(({ direction }) => direction === 'outbound');
            expect(call).toMatchObject({ status: 'in_progress', understood: { action: 'stream' } });
          });
          const [call] = calls()
            .list()
            .filter(({ direction }) => direction === 'outbound');
          expect(call).toMatchObject({ from: one, to: CALLER });
          if (capabilities.hangup) await client.hangup({ providerCallId, ownNumber: one, farEnd: CALLER });
          else await calls().end(call?.id ?? '', { status: 'completed' });
          await untilPasses(() => {
            const events = ourSide.at(`${outPath}/status`).map((request) => {
              expect(verify(request)).toMatchObject({ kind: 'authentic' });
              return webhook.parse(request, { country: null });
            });
            const end = events.find((event) => event?.kind === 'status' && event.status === 'completed');
            expect(end).toMatchObject({ providerCallIds: expect.arrayContaining([providerCallId]) as unknown });
          });
        });

        it('go out once, even where the vendor does not say so', async () => {
          control.mode.set({ apply_then_fail: true, fail_status: 502, only: 'write', fail_count: 100 });
          const error = await failureOf(
            client.placeCall({
              from: one,
              to: CALLER,
              answerUrl: target.answerUrl,
              statusUrl: target.statusUrl,
              target,
              stream: null,
              ringTimeoutS: 30,
            }),
          );
          expect(error.kind).toBe('transient');
          expect(calls().list().length).toBeLessThanOrEqual(1);
        });
      }

      if (capabilities.hangup) {
        it('that are over are no error to hang up', async () => {
          const { call } = await received(ANSWERS.reject);
          await client.hangup({ providerCallId: call.id, ownNumber: one, farEnd: CALLER });
        });
      }
    });
  }
});
