import { createAgent } from '../factories/agent.factory';
import {
  createPhoneNumber,
  type CreatedNumber,
  createPhoneNumbers,
  someNumbers,
} from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';

interface Page {
  readonly items: CreatedNumber[];
  readonly next_cursor: string | null;
}

const numbersOf = ({ items }: Page) => items.map(({ phone_number }) => phone_number);

describe('GET /api/phone-number', () => {
  let app: TestApp;
  let accounts = 0;

  const newAccount = async (): Promise<ApiClient> => {
    const { token } = await app.createToken({ account: `account ${++accounts}` });
    return app.api(token);
  };
  const list = async (api: ApiClient, query = ''): Promise<Page> =>
    expectSuccess(await api.get(`/api/phone-number${query}`), 200) as unknown as Page;

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
  });
  afterAll(() => app.close());

  describe('filters', () => {
    const PROVEN = '+918062810341';
    const WAITING = '+918062810342';
    const FREE = '+918062819999';
    const ROUTED = '+12025551234';
    const ROUTED_TOO = '+14165551234';
    const ELSEWHERE = '+80012345678';

    let api: ApiClient;
    let indian: string;
    let american: string;
    let all: CreatedNumber[];

    /** Six numbers of which each filter holds for some and not for others. */
    beforeAll(async () => {
      api = await newAccount();
      const { inbound_url } = await configureProvider(api, 'san');
      await configureProvider(api, 'twilio');
      indian = (await createAgent(api, { agent_name: 'Indian' })).agent_id;
      american = (await createAgent(api, { agent_name: 'American' })).agent_id;
      await createPhoneNumber(api, PROVEN, 'san', { purpose: 'PRODUCTION' });
      await createPhoneNumber(api, WAITING, 'san', { purpose: 'TEST' });
      await createPhoneNumber(api, FREE, 'san');
      await createPhoneNumber(api, ROUTED, 'twilio', { purpose: 'PRODUCTION' });
      await createPhoneNumber(api, ROUTED_TOO, 'twilio');
      await createPhoneNumber(api, ELSEWHERE, 'plivo', { purpose: 'TEST' });
      for (const [agent_id, provider, numbers] of [
        [indian, 'san', [PROVEN, WAITING]],
        [american, 'twilio', [ROUTED, ROUTED_TOO]],
      ] as const) {
        expectSuccess(await api.post('/api/agent/attach-phone-number').send({ agent_id, provider, numbers }), 200);
      }
      // The test ping of the PBX's portal.
      const { pathname } = new URL(`${inbound_url as string}/${PROVEN}`);
      expect((await app.api().get(pathname)).status).toBe(204);
      all = (await list(api)).items;
    });

    it('shows every number without any, in E.164 order, each as GET shows it', async () => {
      expect(all.map(({ phone_number }) => phone_number)).toEqual([
        ROUTED,
        ROUTED_TOO,
        ELSEWHERE,
        PROVEN,
        WAITING,
        FREE,
      ]);
      for (const number of all) {
        expect(number).toEqual(expectSuccess(await api.get(`/api/phone-number/${number.phone_number}`), 200));
      }
    });

    it.each([
      ['provider=san', [PROVEN, WAITING, FREE]],
      ['provider=twilio', [ROUTED, ROUTED_TOO]],
      ['provider=plivo', [ELSEWHERE]],
      ['provider=vonage', []],
      ['status=active', [ROUTED, ROUTED_TOO, PROVEN]],
      ['status=pending', [WAITING]],
      ['status=inactive', [ELSEWHERE, FREE]],
      ['purpose=PRODUCTION', [ROUTED, PROVEN]],
      ['purpose=TEST', [ELSEWHERE, WAITING]],
      ['available=true', [ELSEWHERE, FREE]],
      ['available=false', [ROUTED, ROUTED_TOO, PROVEN, WAITING]],
      ['country=IN', [PROVEN, WAITING, FREE]],
      ['country=US', [ROUTED]],
      ['country=CA', [ROUTED_TOO]],
      ['country=FR', []],
      ['search=91', [PROVEN, WAITING, FREE]],
      ['search=9180628103', [PROVEN, WAITING]],
      ['search=918062810341', [PROVEN]],
      ['search=9180628103411', []],
      ['search=1', [ROUTED, ROUTED_TOO]],
      ['search=%2B91', [PROVEN, WAITING, FREE]],
      ['search=+1202', [ROUTED]],
      ['search=062', []],
      ['agent_id=agent_01kawgyqr4e3v9m2t5x8b7c6dn', []],
      ['agent_id=x', []],
    ])('?%s', async (query, expected) => {
      expect(await list(api, `?${query}`)).toEqual({
        items: all.filter(({ phone_number }) => expected.includes(phone_number)),
        next_cursor: null,
      });
    });

    it('?agent_id', async () => {
      expect(numbersOf(await list(api, `?agent_id=${indian}`))).toEqual([PROVEN, WAITING]);
      expect(numbersOf(await list(api, `?agent_id=${american}`))).toEqual([ROUTED, ROUTED_TOO]);
    });

    it('lets every two of them hold together', async () => {
      const filters: readonly [string, (number: CreatedNumber) => boolean][] = [
        ['provider=san', ({ provider }) => provider === 'san'],
        ['provider=twilio', ({ provider }) => provider === 'twilio'],
        ['status=active', ({ status }) => status === 'active'],
        ['status=inactive', ({ status }) => status === 'inactive'],
        ['purpose=TEST', ({ purpose }) => purpose === 'TEST'],
        ['purpose=PRODUCTION', ({ purpose }) => purpose === 'PRODUCTION'],
        [`agent_id=${indian}`, ({ agent_id }) => agent_id === indian],
        ['available=true', ({ agent_id }) => agent_id === null],
        ['available=false', ({ agent_id }) => agent_id !== null],
        ['country=IN', ({ country }) => country === 'IN'],
        ['search=9180628103', ({ phone_number }) => phone_number.startsWith('+9180628103')],
        ['search=1', ({ phone_number }) => phone_number.startsWith('+1')],
      ];
      const name = (query: string) => query.split('=')[0];
      for (const [one, holdsOne] of filters) {
        for (const [other, holdsOther] of filters.filter(([query]) => name(query) !== name(one))) {
          const expected = all.filter((number) => holdsOne(number) && holdsOther(number));
          expect([one, other, await list(api, `?${one}&${other}`)]).toEqual([
            one,
            other,
            { items: expected, next_cursor: null },
          ]);
        }
      }
    });

    it('lets all of them hold together', async () => {
      const query = `?provider=san&status=pending&purpose=TEST&available=false&country=IN&search=%2B91806281034&agent_id=${indian}`;
      expect(numbersOf(await list(api, query))).toEqual([WAITING]);
      expect(numbersOf(await list(api, query.replace('status=pending', 'status=active')))).toEqual([]);
    });

    it('keeps to the filter from page to page', async () => {
      const first = await list(api, '?available=false&limit=3');
      expect(numbersOf(first)).toEqual([ROUTED, ROUTED_TOO, PROVEN]);
      const second = await list(api, `?available=false&limit=3&cursor=${first.next_cursor}`);
      expect(second).toMatchObject({ items: [{ phone_number: WAITING }], next_cursor: null });
    });

    it.each([
      'provider=acme',
      'provider=',
      'status=on',
      'purpose=test',
      'purpose=null',
      'available=1',
      'available=',
      'country=IND',
      'country=9A',
      'search=',
      'search=%2B',
      'search=91%25',
      'search=9_',
      'search=%2B%2B91',
      'search=91%0A',
      'search=12345678901234567',
      'provider=san&provider=twilio',
      'label=Desk',
      'phone_number=%2B918062810341',
      'limit=0',
      'limit=101',
      'cursor=x',
    ])('answers 422 to ?%s', async (query) => {
      const [field] = query.split('=');
      const response = await api.get(`/api/phone-number?${query}`);
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field }]);
    });

    it('names every fault at once', async () => {
      const response = await api.get('/api/phone-number?country=x&search=y&limit=z&page=2&status=on');
      const fields = expectError(response, 422, 'VALIDATION_FAILED').map(({ field }) => field);
      expect(fields.sort()).toEqual(['country', 'limit', 'page', 'search', 'status']);
    });
  });

  describe('pages', () => {
    it('walk every number exactly once while numbers are added and removed', async () => {
      const api = await newAccount();
      const before = someNumbers(10, 100);
      const between = someNumbers(10, 500);
      const behind = someNumbers(10, 900);
      const start = [...before, ...between, ...behind];
      // In an order that is not theirs.
      await createPhoneNumbers(api, [...between, ...behind, ...before].reverse());
      const seen: string[] = [];
      let cursor: string | null = null;
      let added = 0;
      do {
        const page: Page = await list(api, `?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`);
        expect(page.items.length).toBeLessThanOrEqual(7);
        seen.push(...numbersOf(page));
        cursor = page.next_cursor;
        await createPhoneNumbers(api, [...someNumbers(1, 50 + added), ...someNumbers(1, 550 + added)]);
        added += 1;
        // The very number that the cursor stands at.
        expectSuccess(await api.delete(`/api/phone-number/${seen.at(-1)}`), 200);
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((number) => start.includes(number))).toEqual(start);
      expect(seen).toEqual([...seen].sort());
    });

    it('hold twenty unless told otherwise, and at most a hundred', async () => {
      const api = await newAccount();
      await configureProvider(api, 'san');
      const { agent_id } = await createAgent(api);
      const numbers = someNumbers(101);
      const body = { agent_id, provider: 'san', numbers };
      expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
      expect(numbersOf(await list(api))).toEqual(numbers.slice(0, 20));
      const page = await list(api, '?limit=100');
      expect(numbersOf(page)).toEqual(numbers.slice(0, 100));
      expect(numbersOf(await list(api, `?limit=100&cursor=${page.next_cursor}`))).toEqual(numbers.slice(100));
    });

    it("show nothing of another account, not even with that one's cursor or agent", async () => {
      const owner = await newAccount();
      await configureProvider(owner, 'san');
      const { agent_id } = await createAgent(owner);
      const body = { agent_id, provider: 'san', numbers: someNumbers(3) };
      expectSuccess(await owner.post('/api/agent/attach-phone-number').send(body), 200);
      const { next_cursor } = await list(owner, '?limit=1');
      const stranger = await newAccount();
      for (const query of ['', `?agent_id=${agent_id}`, `?cursor=${next_cursor}`]) {
        expect(await list(stranger, query)).toEqual({ items: [], next_cursor: null });
      }
    });

    it("answer 422 to another list's cursor", async () => {
      const api = await newAccount();
      await createAgent(api);
      await createAgent(api);
      const { next_cursor } = expectSuccess(await api.get('/api/agent?limit=1'), 200);
      const response = await api.get('/api/phone-number').query({ cursor: next_cursor as string });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'cursor' }]);
    });
  });
});
