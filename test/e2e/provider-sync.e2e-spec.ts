import type { Response } from 'supertest';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { inventoryOf, numberOf } from '../support/inventory';
import { PATIENT } from '../support/patient';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { testDialect } from '../support/test-database';
import { buyNumber, newTwilioInventory, useTwilio } from '../support/twilio-inventory';

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const SYNCED = 'Phone numbers synced successfully';
const RUNNING = 'The sync goes on in the background';
const SYNC = '/api/provider/twilio/sync';
/** Twilio's longest page. */
const PAGE = 1_000;

describe('Sync of phone numbers', () => {
  let app: TestApp;
  let api: ApiClient;

  const post = (client = api): Promise<Response> => Promise.resolve(client.post(SYNC));
  const sync = async () => expectSuccess(await post(), 200, SYNCED);
  const state = async () => expectSuccess(await api.get(SYNC), 200, 'Sync retrieved successfully');
  const attach = async (agent_id: string, ...numbers: string[]) =>
    expectSuccess(
      await api.post('/api/agent/attach-phone-number').send({ agent_id, provider: 'twilio', numbers }),
      200,
    );
  const twilio = () => app.simulator.control.twilio;
  /** Waits until the vendor has been asked. */
  const arrivals = () =>
    eventually(
      () => twilio().requests.read().total,
      (total) => total > 0,
    );
  /** An account of ours whose Twilio account holds so many numbers. */
  const withNumbers = async (count: number) => {
    const inventory = await newTwilioInventory(app.simulator, count);
    await useTwilio(api, inventory);
    twilio().requests.clear();
    return inventory;
  };

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    api = await newAccount(app);
  });
  afterEach(() => twilio().mode.clear());

  describe('POST /api/provider/{provider}/sync', () => {
    it('imports the whole list, and finds it unchanged the next time', async () => {
      const { numbers } = await withNumbers(PAGE + 5);
      const answer = await sync();
      expect(answer).toEqual({
        provider: 'twilio',
        status: 'completed',
        added: PAGE + 5,
        updated: 0,
        gone: 0,
        unchanged: 0,
        skipped: 0,
        started_at: expect.stringMatching(ISO_TIME) as string,
        completed_at: expect.stringMatching(ISO_TIME) as string,
      });
      expect(await state()).toEqual({ ...answer, last_error: null, next_attempt_at: null });
      const inventory = await inventoryOf(api);
      expect(inventory.map(({ phone_number }) => phone_number)).toEqual(numbers);
      expect(inventory[0]).toMatchObject({ provider: 'twilio', status: 'inactive', reason: null, agent_id: null });

      expect(await sync()).toMatchObject({ added: 0, updated: 0, gone: 0, unchanged: PAGE + 5 });
      expect(await inventoryOf(api)).toEqual(inventory);
    });

    it('imports an empty list', async () => {
      await withNumbers(0);
      expect(await sync()).toMatchObject({ status: 'completed', added: 0, unchanged: 0 });
    });

    it('makes numbers ready to be attached without another look at the provider', async () => {
      const { numbers } = await withNumbers(3);
      await sync();
      twilio().requests.clear();
      const { agent_id } = await createAgent(api);
      expect(await attach(agent_id, ...numbers)).toMatchObject({ status: 'active' });
      // Each is read and changed by the identifier that the list gave; none is looked up.
      expect(twilio().requests.read().by_method).toEqual({ GET: 3, POST: 3 });
      expect(await sync()).toMatchObject({ unchanged: 3 });
      for (const number of numbers) expect(await numberOf(api, number)).toMatchObject({ agent_id, status: 'active' });
    });

    it('knows the identifiers of numbers that were registered by hand, afterwards', async () => {
      const { numbers } = await withNumbers(2);
      for (const number of numbers) await createPhoneNumber(api, number, 'twilio', { label: 'Desk' });
      expect(await sync()).toMatchObject({ added: 0, updated: 2 });
      expect(await sync()).toMatchObject({ updated: 0, unchanged: 2 });
      expect(await numberOf(api, numbers[0] ?? '')).toMatchObject({ label: 'Desk' });
    });

    it('leaves a number alone that is registered under another provider', async () => {
      const { numbers } = await withNumbers(2);
      await createPhoneNumber(api, numbers[0] ?? '', 'san');
      expect(await sync()).toMatchObject({ added: 1, updated: 0, unchanged: 0, skipped: 1 });
      expect(await numberOf(api, numbers[0] ?? '')).toMatchObject({ provider: 'san' });
    });

    it('removes what is gone, keeps what is attached, and has it routed again when it is back', async () => {
      const first = await withNumbers(3);
      const [attached = '', ...others] = first.numbers;
      await sync();
      const { agent_id } = await createAgent(api);
      await attach(agent_id, attached);
      const byHand = '+12025550199';
      await createPhoneNumber(api, byHand, 'twilio');

      // All that the first account held is gone from the second's point of view.
      const second = await withNumbers(1);
      expect(await sync()).toMatchObject({ added: 1, updated: 0, gone: 3, unchanged: 0 });
      expect(await numberOf(api, attached)).toMatchObject({
        agent_id,
        status: 'inactive',
        reason: 'gone_at_provider',
        attached_at: expect.stringMatching(ISO_TIME) as string,
      });
      for (const number of others) {
        expectError(await api.get(`/api/phone-number/${number}`), 404, 'PHONE_NUMBER_NOT_FOUND');
      }
      expect((await inventoryOf(api)).map((row) => row.phone_number)).toEqual(
        [attached, byHand, ...second.numbers].sort(),
      );
      expect(await sync()).toMatchObject({ added: 0, gone: 0, unchanged: 1 });

      await useTwilio(api, first);
      expect(await sync()).toMatchObject({ added: 2, updated: 1, gone: 1, unchanged: 0 });
      const back = await eventually(
        () => numberOf(api, attached),
        ({ status }) => status === 'active',
      );
      expect(back).toMatchObject({ agent_id, reason: null });
    });

    it('takes a number for gone that the provider never had once it is attached, and for found once it has it', async () => {
      const inventory = await withNumbers(1);
      const number = '+12025550198';
      await createPhoneNumber(api, number, 'twilio');
      const { agent_id } = await createAgent(api);
      expect(await attach(agent_id, number)).toMatchObject({ numbers: [{ reason: 'not_owned_at_provider' }] });
      expect(await sync()).toMatchObject({ added: 1, gone: 1 });
      expect(await numberOf(api, number)).toMatchObject({ agent_id, reason: 'gone_at_provider' });

      await buyNumber(app.simulator, inventory, number);
      expect(await sync()).toMatchObject({ updated: 1, unchanged: 1 });
      await eventually(
        () => numberOf(api, number),
        ({ status, agent_id: holder }) => status === 'active' && holder === agent_id,
      );
    });

    // The same ten seconds on any database.
    if (testDialect() === 'sqlite') {
      it('answers 202 when the provider is slow, and goes on', async () => {
        await withNumbers(PAGE + 500);
        // Two pages, together longer than a request waits.
        twilio().mode.set({ latency_ms: 5_300 });
        const running = expectSuccess(await post(), 202, RUNNING);
        expect(running).toMatchObject({ provider: 'twilio', status: 'running', added: PAGE, completed_at: null });
        const done = await eventually(state, ({ status }) => status === 'completed');
        expect(done).toMatchObject({ added: PAGE + 500, started_at: running.started_at });
      });
    }

    it('answers 409 to a second one while the first is under way', async () => {
      await withNumbers(5);
      twilio().mode.set({ latency_ms: 1_000 });
      const answer = post();
      await arrivals();
      expect(await state()).toMatchObject({ status: 'running', added: 0, completed_at: null });
      const second = await post();
      const [fault] = expectError(second, 409, 'SYNC_IN_PROGRESS', 'A sync of this provider is under way');
      expect(fault?.field).toBe('provider');
      expect(Number(second.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(Number(second.headers['retry-after'])).toBeLessThanOrEqual(15);
      expect(expectSuccess(await answer, 200)).toMatchObject({ added: 5 });
      expect(twilio().requests.read().total).toBe(1);
    });

    it('begins anew when the credentials become those of another account meanwhile', async () => {
      const first = await withNumbers(5);
      twilio().mode.set({ latency_ms: 1_000 });
      const answer = post();
      await arrivals();
      twilio().mode.clear();
      const second = await withNumbers(3);
      expect(expectSuccess(await answer, 202, RUNNING)).toMatchObject({ status: 'running', added: 0 });
      expect(await sync()).toMatchObject({ added: 3, gone: 0 });
      expect((await inventoryOf(api)).map(({ phone_number }) => phone_number)).toEqual(second.numbers);
      expect(second.numbers).not.toContain(first.numbers[0]);
    });

    it('goes on in the background after the provider was out of order, without reading a page twice', async () => {
      const { numbers } = await withNumbers(2 * PAGE + 500);
      twilio().mode.set({ latency_ms: 800 });
      const answer = post();
      await arrivals();
      // The first page is on its way; all that is asked for from here on fails.
      twilio().mode.set({ fail_status: 500 });
      const response = await answer;
      const message = 'The provider could not be reached; what was read so far is kept';
      const details = expectError(response, 503, 'PROVIDER_UNAVAILABLE', message);
      expect(details.map((detail) => detail.message).join()).toContain('What was read so far is kept');
      expect(await state()).toMatchObject({
        status: 'running',
        added: PAGE,
        last_error: expect.stringContaining('500') as string,
        next_attempt_at: expect.stringMatching(ISO_TIME) as string,
      });

      twilio().requests.clear();
      twilio().mode.clear();
      const done = await eventually(state, ({ status }) => status === 'completed');
      expect(done).toMatchObject({ added: 2 * PAGE + 500, unchanged: 0, gone: 0, last_error: null });
      const { entries } = twilio().requests.read();
      const pages = entries.filter(({ status }) => status === 200).map(({ path }) => /PageToken=/.test(path));
      expect(pages).toEqual([true, true]);
      expect((await inventoryOf(api)).map(({ phone_number }) => phone_number)).toEqual(numbers);
    });

    it('fails for good when the provider rejects the credentials, until it is asked again', async () => {
      await withNumbers(2);
      twilio().mode.set({ fail_status: 401 });
      const response = await post();
      expectError(response, 422, 'CREDENTIALS_REJECTED', 'The provider rejected the credentials');
      expect(await state()).toMatchObject({ status: 'failed', completed_at: null, next_attempt_at: null });
      expect((await state()).last_error).toMatch(/\S/);
      twilio().mode.clear();
      expect(await sync()).toMatchObject({ status: 'completed', added: 2 });
    });

    it('answers 404 to a provider that is none', async () => {
      for (const name of ['acme', 'Twilio', '__proto__']) {
        expectError(await api.post(`/api/provider/${name}/sync`), 404, 'PROVIDER_NOT_FOUND', 'Provider not found');
        expectError(await api.get(`/api/provider/${name}/sync`), 404, 'PROVIDER_NOT_FOUND');
      }
    });

    it('answers 400 where the provider is not configured', async () => {
      const message = 'Provider not configured for your account';
      expectError(await post(), 400, 'PROVIDER_NOT_CONFIGURED', message);
    });

    it('answers 422 where the provider has no list', async () => {
      await configureProvider(api, 'san');
      const message = 'The provider has no API that lists phone numbers';
      expectError(await api.post('/api/provider/san/sync'), 422, 'SYNC_NOT_SUPPORTED', message);
    });

    it('takes the scope to write numbers', async () => {
      await withNumbers(1);
      const { token } = await app.createToken({ account: 'scopes', scopes: ['numbers:read', 'providers:write'] });
      const message = 'Token lacks the scope numbers:write';
      expectError(await post(app.api(token)), 403, 'FORBIDDEN', message);
      const writer = await app.createToken({ account: 'scopes', scopes: ['numbers:write'] });
      expectError(await post(app.api(writer.token)), 400, 'PROVIDER_NOT_CONFIGURED');
      expectError(await app.api(writer.token).get(SYNC), 403, 'FORBIDDEN', 'Token lacks the scope numbers:read');
    });

    it('writes into its own account alone', async () => {
      const inventory = await withNumbers(2);
      await sync();
      const other = await newAccount(app);
      expectError(await other.get(SYNC), 404, 'SYNC_NOT_FOUND');
      expect(await inventoryOf(other)).toEqual([]);
      await useTwilio(other, inventory);
      expect(expectSuccess(await post(other), 200)).toMatchObject({ added: 2, unchanged: 0 });
      expect(await inventoryOf(api)).toHaveLength(2);
    });
  });

  describe('GET /api/provider/{provider}/sync', () => {
    it('answers 404 where there was never a sync', async () => {
      const message = 'Phone numbers of the provider have never been synced';
      expectError(await api.get(SYNC), 404, 'SYNC_NOT_FOUND', message);
      await withNumbers(1);
      expectError(await api.get(SYNC), 404, 'SYNC_NOT_FOUND', message);
    });

    it('forgets with the credentials', async () => {
      await withNumbers(1);
      await sync();
      expectSuccess(await api.delete('/api/provider/twilio'), 200);
      expectError(await api.get(SYNC), 404, 'SYNC_NOT_FOUND');
    });
  });

  it('is made by the clock, where that is wanted', async () => {
    const clocked = await startTestApp({ config: { sync: { intervalMs: 500 } } });
    try {
      const client = await newAccount(clocked);
      await useTwilio(client, await newTwilioInventory(clocked.simulator, 4));
      const { data } = await eventually(
        async () => (await client.get(SYNC)).body as { data: Record<string, unknown> },
        ({ data: { status } }) => status === 'completed',
      );
      expect(data).toMatchObject({ status: 'completed', added: 4 });
    } finally {
      await clocked.close();
    }
  });
});
