import { createAgent, type CreatedAgent } from '../factories/agent.factory';
import { createPhoneNumber, createPhoneNumbers, someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';

interface Page {
  readonly items: CreatedAgent[];
  readonly next_cursor: string | null;
}

const idsOf = ({ items }: Page) => items.map(({ agent_id }) => agent_id);

describe('GET /api/agent', () => {
  let app: TestApp;
  let api: ApiClient;
  let accounts = 0;

  const newAccount = async (): Promise<ApiClient> => {
    const { token } = await app.createToken({ account: `account ${++accounts}` });
    return app.api(token);
  };
  const list = async (query = '', client = api): Promise<Page> =>
    expectSuccess(await client.get(`/api/agent${query}`), 200) as unknown as Page;
  const createAgents = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push((await createAgent(api, { agent_name: `Agent ${i}` })).agent_id);
    return ids;
  };

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    api = await newAccount();
  });

  it('is an empty page for an account without agents', async () => {
    expect(await list()).toEqual({ items: [], next_cursor: null });
  });

  it('shows twenty at a time unless told otherwise, newest first, each as GET shows it', async () => {
    const ids = await createAgents(21);
    const first = await list();
    expect(idsOf(first)).toEqual(ids.slice(1).reverse());
    expect(first.next_cursor).toEqual(expect.any(String));
    const [newest] = first.items;
    expect(newest).toEqual(expectSuccess(await api.get(`/api/agent/${newest?.agent_id}`), 200));
    const second = await list(`?cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ items: [{ agent_id: ids[0] }], next_cursor: null });
  });

  it('has no further page after one that is exactly full', async () => {
    await createAgents(3);
    expect(await list('?limit=3')).toMatchObject({ next_cursor: null });
    const page = await list('?limit=2');
    expect(await list(`?limit=1&cursor=${page.next_cursor}`)).toMatchObject({ next_cursor: null });
  });

  it('walks every agent exactly once while agents are added and removed', async () => {
    const ids = await createAgents(23);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await list(`?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...idsOf(page));
      cursor = page.next_cursor;
      await createAgents(2);
      // The very agent that the cursor stands at.
      expectSuccess(await api.delete(`/api/agent/${seen.at(-1)}`), 200);
    } while (cursor !== null);
    expect(seen).toEqual([...ids].reverse());
  });

  it('keeps the cursor opaque and safe to put in a URL', async () => {
    const ids = await createAgents(2);
    const { next_cursor } = await list('?limit=1');
    expect(next_cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(next_cursor).not.toContain(ids[1]);
  });

  it('takes a limit from 1 to 100', async () => {
    await createAgents(2);
    expect((await list('?limit=1')).items).toHaveLength(1);
    expect((await list('?limit=100')).items).toHaveLength(2);
  });

  it.each(['0', '101', '-1', '1.5', '1e1', '0x10', 'ten', '', ' ', '99999999999999999999'])(
    'answers 422 to limit=%s',
    async (limit) => {
      const response = await api.get('/api/agent').query({ limit });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'limit' }]);
    },
  );

  it.each(['x', '', 'null', 'W10', '!!', "' OR 1=1 --", 'A'.repeat(5_000), '%00', '\u{1F600}'])(
    'answers 422 to the cursor %j',
    async (cursor) => {
      const response = await api.get('/api/agent').query({ cursor });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'cursor' }]);
    },
  );

  it("answers 422 to another list's cursor, and to one with a byte changed", async () => {
    await createPhoneNumbers(api, someNumbers(2));
    const { next_cursor: foreign } = expectSuccess(await api.get('/api/phone-number?limit=1'), 200);
    await createAgents(2);
    const { next_cursor: own } = await list('?limit=1');
    for (const cursor of [foreign as string, own?.slice(0, -2) ?? '', `${own}A`.slice(4)]) {
      const response = await api.get('/api/agent').query({ cursor });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'cursor' }]);
    }
  });

  it.each(['page=2', 'offset=10', 'Limit=5', 'agent_name=x', 'limit=1&limit=2', 'limit[]=1', '__proto__=1'])(
    'answers 422 to ?%s',
    async (query) => {
      const [field] = query.split('=');
      const response = await api.get(`/api/agent?${query}`);
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field }]);
    },
  );

  it("shows nothing of another account, not even with that one's cursor", async () => {
    await createAgents(3);
    const { next_cursor } = await list('?limit=1');
    const stranger = await newAccount();
    expect(await list('', stranger)).toEqual({ items: [], next_cursor: null });
    expect(await list(`?cursor=${next_cursor}`, stranger)).toEqual({ items: [], next_cursor: null });
  });

  it('shows with each agent its own first 100 numbers and how many there are', async () => {
    await configureProvider(api, 'san');
    const [none = '', few = '', many = ''] = await createAgents(3);
    const numbers = someNumbers(105);
    const attach = async (agent_id: string, ofAgent: readonly string[]) => {
      const body = { agent_id, provider: 'san', numbers: ofAgent };
      expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
    };
    await attach(many, numbers.slice(2).reverse());
    await attach(few, numbers.slice(0, 2));
    await createPhoneNumber(api, '+918062810341', 'san');
    expect((await list()).items).toMatchObject([
      { agent_id: many, phone_number_count: 103, phone_numbers: numbers.slice(2, 102) },
      { agent_id: few, phone_number_count: 2, phone_numbers: numbers.slice(0, 2) },
      { agent_id: none, phone_number_count: 0, phone_numbers: [] },
    ]);
  });
});
