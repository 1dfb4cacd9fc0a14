import { createAgent, type CreatedAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider, SIMULATOR_CREDENTIALS } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { callTarget } from '../support/twilio-side';

interface RoutePage {
  readonly status: string;
  readonly reason: string | null;
  readonly provider_route: {
    readonly answer_url: string | null;
    readonly confirmed_at: string | null;
    readonly generation: number;
    readonly confirmed_generation: number;
    readonly next_attempt_at: string | null;
    readonly attempts: number;
    readonly last_error: string | null;
    readonly former_route_saved: boolean;
  };
  readonly inbound_url?: string;
  readonly proven_at: string | null;
  readonly recent_requests: { readonly at: string; readonly verdict: string }[];
}

const ROUTED = '+12025551234';
const BY_HAND = '+918062810341';

describe('GET /api/phone-number/{phone_number}/route', () => {
  let app: TestApp;
  let api: ApiClient;
  let agent: CreatedAgent;
  let inboundUrl: Record<'twilio' | 'san', string>;
  let accounts = 0;

  const page = async (phoneNumber: string): Promise<RoutePage> =>
    expectSuccess(await api.get(`/api/phone-number/${phoneNumber}/route`), 200) as unknown as RoutePage;
  const attach = async (provider: string, phoneNumber: string) => {
    const body = { agent_id: agent.agent_id, provider, numbers: [phoneNumber] };
    return expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  };
  const detach = async (phoneNumber: string) => {
    const body = { agent_id: agent.agent_id, numbers: [phoneNumber] };
    return expectSuccess(await api.post('/api/agent/detach-phone-number').send(body), 200);
  };
  /** The number's own address, at this application's port instead of the public one. */
  const own = (phoneNumber: string) => `${app.url}${new URL(`${inboundUrl.san}/${phoneNumber}`).pathname}`;

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    const { token } = await app.createToken({ account: `account ${++accounts}` });
    api = app.api(token);
    inboundUrl = {
      twilio: (await configureProvider(api, 'twilio')).inbound_url as string,
      san: (await configureProvider(api, 'san')).inbound_url as string,
    };
    agent = await createAgent(api, { agent_name: 'Support' });
    await createPhoneNumber(api, ROUTED, 'twilio');
  });
  afterEach(async () => {
    app.simulator.control.twilio.mode.clear();
    expectSuccess(await api.delete(`/api/agent/${agent.agent_id}?detach=true`), 200);
    await eventually(
      () => callTarget(app.simulator, ROUTED),
      (target) => target?.kind === 'url' && target.voice_url === 'https://demo.twilio.com/welcome/voice/',
    );
  });

  it('shows a number that was never attached: nothing told, nothing to tell', async () => {
    expect(await page(ROUTED)).toEqual({
      phone_number: ROUTED,
      provider: 'twilio',
      agent: null,
      status: 'inactive',
      reason: null,
      provider_route: {
        answer_url: null,
        confirmed_at: null,
        generation: 0,
        confirmed_generation: 0,
        next_attempt_at: null,
        attempts: 0,
        last_error: null,
        former_route_saved: false,
      },
      proven_at: null,
      recent_drifts: [],
      recent_requests: [],
    });
  });

  it('takes the + as %2B too', async () => {
    expect(await page(`%2B${ROUTED.slice(1)}`)).toEqual(await page(ROUTED));
  });

  it('answers 400 and 404 as the number itself does', async () => {
    expectError(await api.get('/api/phone-number/12025551234/route'), 400, 'INVALID_PHONE_NUMBER_FORMAT');
    expectError(await api.get('/api/phone-number/+61212345678/route'), 404, 'PHONE_NUMBER_NOT_FOUND');
  });

  it('shows, once attached, the agent, what the provider was told and when it confirmed', async () => {
    const startedAt = Date.now();
    await attach('twilio', ROUTED);
    const shown = await page(ROUTED);
    expect(shown).toMatchObject({
      agent: { agent_id: agent.agent_id, agent_name: 'Support', status: 'active' },
      status: 'active',
      reason: null,
      provider_route: {
        answer_url: inboundUrl.twilio,
        next_attempt_at: null,
        attempts: 0,
        last_error: null,
        former_route_saved: true,
      },
    });
    const { confirmed_at, generation, confirmed_generation } = shown.provider_route;
    expect(Date.parse(confirmed_at ?? '')).toBeGreaterThanOrEqual(startedAt);
    expect(Date.parse(confirmed_at ?? '')).toBeLessThanOrEqual(Date.now());
    expect(generation).toBeGreaterThan(0);
    expect(confirmed_generation).toBe(generation);
    expect(callTarget(app.simulator, ROUTED)).toMatchObject({ kind: 'url', voice_url: inboundUrl.twilio });
  });

  it('shows, once detached, that the route was given back', async () => {
    await attach('twilio', ROUTED);
    await detach(ROUTED);
    const shown = await page(ROUTED);
    expect(shown).toMatchObject({
      agent: null,
      status: 'inactive',
      provider_route: { answer_url: null, next_attempt_at: null, last_error: null, former_route_saved: false },
    });
    expect(shown.provider_route.confirmed_generation).toBe(shown.provider_route.generation);
  });

  it('shows what the last try met and when the next one is, until it succeeds', async () => {
    app.simulator.control.twilio.mode.set({ fail_status: 503 });
    expect(await attach('twilio', ROUTED)).toMatchObject({ status: 'pending' });
    const shown = await page(ROUTED);
    expect(shown).toMatchObject({ agent: { agent_id: agent.agent_id }, status: 'pending' });
    expect(shown.reason).toMatch(/^[a-z][a-z_]*$/);
    const { last_error, next_attempt_at, attempts, generation, confirmed_generation } = shown.provider_route;
    expect(last_error).toContain('503');
    expect(Date.parse(next_attempt_at ?? '')).toBeGreaterThan(Date.now() - 1_000);
    expect(attempts).toBeGreaterThanOrEqual(1);
    expect(confirmed_generation).toBeLessThan(generation);
    expect(shown.provider_route).toMatchObject({ confirmed_at: null, answer_url: null });

    app.simulator.control.twilio.mode.clear();
    const settled = await eventually(
      () => page(ROUTED),
      ({ status }) => status === 'active',
    );
    expect(settled).toMatchObject({
      reason: null,
      provider_route: { answer_url: inboundUrl.twilio, next_attempt_at: null, attempts: 0, last_error: null },
    });
  });

  it("does not try again before the provider's Retry-After has passed", async () => {
    app.simulator.control.twilio.mode.set({ fail_status: 429, retry_after_s: 120, fail_count: 1 });
    const startedAt = Date.now();
    await attach('twilio', ROUTED);
    const shown = await page(ROUTED);
    expect(shown.status).toBe('pending');
    const waitMs = Date.parse(shown.provider_route.next_attempt_at ?? '') - startedAt;
    expect(waitMs).toBeGreaterThanOrEqual(120_000);
    expect(waitMs).toBeLessThan(180_000);
    expect(shown.provider_route.last_error).toContain('429');
  });

  it('shows a refusal for good: inactive, with the reason, and no next try', async () => {
    app.simulator.control.twilio.mode.set({ fail_status: 401 });
    expect(await attach('twilio', ROUTED)).toMatchObject({ status: 'inactive' });
    const shown = await page(ROUTED);
    expect(shown).toMatchObject({
      agent: { agent_id: agent.agent_id },
      status: 'inactive',
      reason: 'credentials_rejected',
      provider_route: { next_attempt_at: null },
    });
    expect(shown.provider_route.last_error).toMatch(/\S/);
    expect(JSON.stringify(shown)).not.toContain(SIMULATOR_CREDENTIALS.twilio.auth_token);
  });

  it('shows the address of a number that is bound by hand, and what came in there', async () => {
    await createPhoneNumber(api, BY_HAND, 'san');
    expect(await page(BY_HAND)).toMatchObject({
      agent: null,
      inbound_url: `${inboundUrl.san}/${BY_HAND}`,
      proven_at: null,
      recent_requests: [],
    });
    expect(inboundUrl.san).toMatch(/^ws:\/\/localhost\/inbound\/san\/[A-Za-z0-9_-]{43}$/);

    await attach('san', BY_HAND);
    expect(await page(BY_HAND)).toMatchObject({ status: 'pending', reason: 'awaiting_first_call', proven_at: null });

    const startedAt = Date.now();
    const report = await app.simulator.san.call({
      url: own(BY_HAND).replace(/^http/, 'ws'),
      from: '+919876543210',
      to: BY_HAND,
    });
    expect(report).toMatchObject({ connected: true, http_status: 101 });
    const shown = await eventually(
      () => page(BY_HAND),
      ({ status, recent_requests }) => status === 'active' && recent_requests.length > 0,
    );
    expect(shown).toMatchObject({ reason: null, recent_requests: [{}] });
    // The proof is written before the answer, what became of the call after it.
    expect(Date.parse(String(shown.recent_requests[0]?.at))).toBeGreaterThanOrEqual(
      Date.parse(String(shown.proven_at)),
    );
    expect(shown.recent_requests[0]?.verdict).toMatch(/^[a-z][a-z_]*$/);
    expect(Date.parse(shown.proven_at ?? '')).toBeGreaterThanOrEqual(startedAt);
  });

  it('keeps the last ten requests, newest first, with the verdict on each', async () => {
    await createPhoneNumber(api, BY_HAND, 'san');
    for (let i = 0; i < 12; i++) expect((await fetch(own(BY_HAND))).status).toBeLessThan(300);
    await attach('san', BY_HAND);
    expect((await fetch(own(BY_HAND))).status).toBeLessThan(300);
    const { recent_requests: requests } = await page(BY_HAND);
    expect(requests).toHaveLength(10);
    expect(requests.slice(1).map(({ verdict }) => verdict)).toEqual(Array(9).fill('not_attached'));
    expect(requests[0]?.verdict).not.toBe('not_attached');
    const times = requests.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('takes no note of requests that are not authentic', async () => {
    await createPhoneNumber(api, BY_HAND, 'san');
    const key = inboundUrl.san.split('/').at(-1) ?? '';
    const wrong = `${key.startsWith('A') ? 'B' : 'A'}${key.slice(1)}`;
    for (const url of [
      own(BY_HAND).replace(key, wrong),
      own('+918062810399'),
      own(BY_HAND).replace('/san/', '/twilio/'),
    ]) {
      const response = await fetch(url);
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('');
    }
    expect(await page(BY_HAND)).toMatchObject({ proven_at: null, recent_requests: [] });
  });
});
