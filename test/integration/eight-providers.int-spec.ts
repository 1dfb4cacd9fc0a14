import type { AnyProviderAdapter } from '../../src/providers/contract/provider-adapter';
import { PROVIDER_NAMES, type ProviderName } from '../../src/common/provider-name';
import { ProvidersService } from '../../src/providers/providers.service';
import type { Vendor } from '../../src/simulator/core/vendor';
import { createAgent } from '../factories/agent.factory';
import { expectSuccess } from '../support/envelope';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { untilPasses } from '../support/until-passes';

const EACH = 100;
const CALLER = '+12025550147';
/** So long may all of it take to settle, in milliseconds. */
const SETTLING_MS = 45_000;

interface ListedNumber {
  readonly phone_number: string;
  readonly status: string;
  readonly reason: string | null;
}

/** A hundred numbers of the provider's own, Indian ones where it is an Indian provider. */
function numbersOf(provider: ProviderName): string[] {
  const isIndian = ['san', 'ozonetell', 'exotel'].includes(provider);
  const block = PROVIDER_NAMES.indexOf(provider) + 1;
  return Array.from({ length: EACH }, (_, index) => {
    const last = String(index).padStart(3, '0');
    return isIndian ? `+918047${block}0${last}` + '0' : `+1212${block}55${last}0`;
  });
}

/** One running server and a hundred numbers at each provider, attached with one request each. */
describe('a hundred numbers at each of the eight providers', () => {
  let app: TestApp;
  let api: ApiClient;
  let agentId: string;

  beforeAll(async () => {
    app = await startTestApp({ simulator: {} });
    api = app.api((await app.createToken()).token);
    agentId = (await createAgent(api)).agent_id;
  });

  afterAll(() => app.close());

  const vendorOf = (provider: ProviderName): Vendor<unknown> => app.simulator[provider];
  const adapterOf = (provider: ProviderName): AnyProviderAdapter =>
    app.nest.get(ProvidersService, { strict: false }).adapter(provider);

  async function listed(status: string): Promise<ListedNumber[]> {
    const found: ListedNumber[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = expectSuccess(await api.get(`/api/phone-number?limit=100&status=${status}${query}`), 200);
      found.push(...(page.items as ListedNumber[]));
      cursor = page.next_cursor as string | null;
    } while (cursor !== null);
    return found;
  }

  it('end with 800 active rows, and every vendor leads their calls to us', async () => {
    const inboundUrls = new Map<ProviderName, string>();
    for (const provider of PROVIDER_NAMES) {
      const vendor = vendorOf(provider);
      const [demo] = vendor.demos;
      vendor.seed(vendor.demoSeed);
      vendor.hold(demo.account, numbersOf(provider));
      const { credentials } = demo;
      const stored = expectSuccess(await api.put(`/api/provider/${provider}`).send({ credentials }), 200);
      inboundUrls.set(provider, stored.inbound_url as string);
    }

    await Promise.all(
      PROVIDER_NAMES.map(async (provider) => {
        const body = { agent_id: agentId, provider, numbers: numbersOf(provider) };
        expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
      }),
    );

    for (const provider of PROVIDER_NAMES.filter((name) => !adapterOf(name).capabilities.route)) {
      for (const e164 of numbersOf(provider)) await callByHand(provider, e164);
    }

    const active = await untilPasses(async () => {
      const rows = await listed('active');
      expect(rows).toHaveLength(PROVIDER_NAMES.length * EACH);
      return rows;
    }, SETTLING_MS);
    expect(active.every(({ reason }) => reason === null)).toBe(true);

    for (const provider of PROVIDER_NAMES.filter((name) => adapterOf(name).capabilities.route)) {
      const vendor = vendorOf(provider);
      const inboundUrl = inboundUrls.get(provider) ?? '';
      for (const e164 of numbersOf(provider)) {
        vendor.bind?.(e164, inboundUrl);
        const call = await vendor.calls?.receive(CALLER, e164);
        expect([e164, call?.exchanges[0]?.url.split('?')[0]]).toEqual([e164, inboundUrl]);
      }
    }
  }, 120_000);

  /** What the customer has bound in the vendor's portal, and a first call to it. */
  async function callByHand(provider: ProviderName, e164: string): Promise<void> {
    const number = expectSuccess(await api.get(`/api/phone-number/${e164}/route`), 200);
    expect(number).toMatchObject({ status: 'pending', reason: 'awaiting_first_call' });
    // The address that the world sees, made one of this machine.
    const inboundUrl = String(number.inbound_url).replace(/^(ws|http)s?:\/\/[^/]+/, `$1://${new URL(app.url).host}`);
    vendorOf(provider).bind?.(e164, inboundUrl);
    const response = await fetch(`${app.simulator.url}/_sim/${provider}/call`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ from: CALLER, to: e164 }),
    });
    expect(response.status).toBe(200);
  }
});
