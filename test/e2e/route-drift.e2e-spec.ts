import { demoAccount } from '../../src/simulator/demo-seed';
import { createAgent } from '../factories/agent.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectSuccess } from '../support/envelope';
import { numberOf } from '../support/inventory';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { changeAtTwilio } from '../support/twilio-console';
import { callTarget } from '../support/twilio-side';
import { untilPasses } from '../support/until-passes';

const CALLER = '+12025550147';
const THEIRS = 'https://elsewhere.example.com/voice';

interface RouteDrift {
  readonly at: string;
  readonly expected: Record<string, unknown> | null;
  readonly found: Record<string, unknown> | null;
}

/** Settled routes are read again every second here. */
describe('a route that somebody changes at the provider', () => {
  let app: TestApp;
  let api: ApiClient;

  beforeAll(async () => {
    app = await startTestApp({ config: { routing: { driftIntervalMs: 1_000 } } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    api = await newAccount(app);
  });

  async function attached(provider: 'twilio' | 'telnyx', numbers: readonly string[]): Promise<string> {
    const { inbound_url } = await configureProvider(api, provider);
    const { agent_id } = await createAgent(api);
    const body = { agent_id, provider, numbers };
    expect(expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200).status).toBe('active');
    return inbound_url as string;
  }

  const driftsOf = async (e164: string) =>
    expectSuccess(await api.get(`/api/phone-number/${e164}/route`), 200).recent_drifts as RouteDrift[];

  it('is put right, and recorded with both values', async () => {
    const number = '+14165551234';
    const inboundUrl = await attached('twilio', [number]);
    await changeAtTwilio(app.simulator, number, { VoiceUrl: THEIRS });

    const [drift, ...earlier] = await untilPasses(async () => {
      const drifts = await driftsOf(number);
      expect(drifts).not.toEqual([]);
      return drifts;
    });
    expect(earlier).toEqual([]);
    expect(drift).toMatchObject({ expected: { answer_url: inboundUrl }, found: { voice_url: THEIRS } });
    expect(Math.abs(Date.parse(drift?.at ?? '') - Date.now())).toBeLessThan(60_000);

    await untilPasses(async () => {
      expect(callTarget(app.simulator, number)).toMatchObject({ kind: 'url', voice_url: inboundUrl });
      expect(await numberOf(api, number)).toMatchObject({ status: 'active', reason: null });
    });
    expect(await driftsOf(number)).toHaveLength(1);
  });

  it('leads all numbers of an application back to us when the application was changed', async () => {
    const { account, numbers } = demoAccount('telnyx');
    const inboundUrl = await attached('telnyx', numbers);
    const applications = [...(app.simulator.telnyx.account(account)?.applications.values() ?? [])];
    const ours = applications.find(({ voice_url }) => voice_url === inboundUrl);
    if (!ours) throw new Error('There is no application of ours');
    ours.voice_url = THEIRS;

    await untilPasses(async () => {
      // The first one found may have the application mended before the others are read.
      const drifts = await Promise.all(numbers.map(driftsOf));
      expect(drifts.flat().length).toBeGreaterThan(0);
      for (const number of numbers) {
        expect(await numberOf(api, number)).toMatchObject({ status: 'active' });
        const call = await app.simulator.telnyx.calls.receive(CALLER, number);
        expect(call.exchanges[0]?.url).toBe(inboundUrl);
      }
    });
  });

  it('that the account has lost is told as such', async () => {
    const number = '+6512345678';
    await attached('twilio', [number]);
    app.simulator.twilio.release(number);
    await untilPasses(async () => {
      expect(await numberOf(api, number)).toMatchObject({ status: 'inactive', reason: 'not_owned_at_provider' });
    });
    expect(await driftsOf(number)).toMatchObject([{ found: null }]);
  });
});
