import { VendorReply, VendorRequest } from '../core/vendor';
import { DEMO_PLIVO, DEMO_PLIVO_SEED } from './plivo.demo';
import { PlivoVendor } from './plivo.vendor';

const NUMBER = '14155550123';
const OTHER = '12125550145';
const FORMER = '16092143578200311';
const BIG = { auth_id: 'MAAAAAAAAAAAAAAAAAAA', auth_token: 'big' };
const BASE = `/v1/Account/${DEMO_PLIVO.auth_id}`;

let vendor: PlivoVendor;

beforeEach(() => {
  vendor = new PlivoVendor({ now: () => Date.UTC(2024, 0, 15, 10, 30) });
  const seed = {
    accounts: [...(DEMO_PLIVO_SEED.accounts ?? []), { ...BIG, generate: { first: '+13105550000', count: 45 } }],
  };
  vendor.seed(vendor.parseSeed(seed));
});

type Method = 'get' | 'post' | 'delete';

async function ask(
  method: Method,
  path: string,
  json?: unknown,
  login = DEMO_PLIVO as typeof BIG,
): Promise<VendorReply> {
  const url = new URL(path, 'http://simulator');
  for (const route of vendor.routes.filter((candidate) => candidate.method === method)) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const found = pattern.exec(url.pathname);
    if (!found) continue;
    const request: VendorRequest = {
      method: method.toUpperCase(),
      path: url.pathname,
      params: { ...found.groups },
      query: url.searchParams,
      form: new URLSearchParams(),
      json,
      text: '',
      header: (name) =>
        name === 'authorization'
          ? `Basic ${Buffer.from(`${login.auth_id}:${login.auth_token}`).toString('base64')}`
          : undefined,
    };
    return await route.handle(request);
  }
  return vendor.failure(404);
}

const numberOf = async (number: string) =>
  (await ask('get', `${BASE}/Number/${number}/`)).body as Record<string, unknown>;

describe('numbers', () => {
  it('have no + and name their application by a path', async () => {
    expect(await numberOf(NUMBER)).toMatchObject({
      number: NUMBER,
      application: `${BASE}/Application/${FORMER}/`,
      resource_uri: `${BASE}/Number/${NUMBER}/`,
    });
    expect(await numberOf(OTHER)).toMatchObject({ application: null });
    expect((await ask('get', `${BASE}/Number/%2B${NUMBER}/`)).status).toBe(404);
  });

  it('need the slash behind them', async () => {
    expect((await ask('get', `${BASE}/Number/${NUMBER}`)).status).toBe(404);
  });

  it('are listed by twenty at most', async () => {
    const list = async (query: string) =>
      (await ask('get', `/v1/Account/${BIG.auth_id}/Number/${query}`, undefined, BIG)).body as {
        meta: Record<string, unknown>;
        objects: { number: string }[];
      };
    const first = await list('?limit=100');
    expect(first.objects).toHaveLength(20);
    expect(first.meta).toEqual({
      limit: 20,
      offset: 0,
      total_count: 45,
      next: `/v1/Account/${BIG.auth_id}/Number/?limit=20&offset=20`,
      previous: null,
    });
    const last = await list('?limit=20&offset=40');
    expect(last.objects.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4].map((index) => `1310555004${index}`));
    expect(last.meta).toMatchObject({ next: null, previous: expect.stringContaining('offset=20') as string });
    expect((await list('?number_startswith=131055500&alias=')).meta).toMatchObject({ total_count: 45 });
    expect((await list('?number_startswith=1310555001')).meta).toMatchObject({ total_count: 10 });
    expect((await list('?number_startswith=555')).objects).toEqual([]);
  });

  it.each(['limit=0', 'limit=x', 'offset=-1'])('are not listed with %s', async (query) => {
    expect((await ask('get', `${BASE}/Number/?${query}`)).status).toBe(400);
  });

  it('go to the default application when an update names none', async () => {
    expect(await ask('post', `${BASE}/Number/${OTHER}/`, { alias: 'front desk' })).toMatchObject({
      status: 202,
      body: { message: 'changed' },
    });
    expect(await numberOf(OTHER)).toMatchObject({ alias: 'front desk', application: `${BASE}/Application/${FORMER}/` });
    expect(vendor.account(DEMO_PLIVO.auth_id)?.routeOf(`+${OTHER}`)).toMatchObject({ kind: 'application' });
  });

  it('go nowhere with an empty application, and nowhere new without a default', async () => {
    await ask('post', `${BASE}/Number/${NUMBER}/`, { app_id: '' });
    expect(await numberOf(NUMBER)).toMatchObject({ application: null });
    await ask('post', `${BASE}/Application/${FORMER}/`, { default_number_app: false });
    await ask('post', `${BASE}/Number/${NUMBER}/`, { alias: 'x' });
    expect(await numberOf(NUMBER)).toMatchObject({ application: null, alias: 'x' });
  });

  it('do not take an identifier that was sent as a number, or of no application', async () => {
    for (const appId of [Number(FORMER), '1', true]) {
      expect((await ask('post', `${BASE}/Number/${NUMBER}/`, { app_id: appId })).status).toBe(400);
    }
    expect(await numberOf(NUMBER)).toMatchObject({ application: `${BASE}/Application/${FORMER}/` });
  });

  it('of others are not found', async () => {
    expect(await ask('post', `${BASE}/Number/13105550000/`, { app_id: FORMER })).toMatchObject({
      status: 404,
      body: { error: 'not found', api_id: expect.any(String) as string },
    });
  });
});

describe('applications', () => {
  const create = (more: object) =>
    ask('post', `${BASE}/Application/`, { app_name: 'Ours', answer_url: 'https://us.example.com/answer', ...more });

  it('have identifiers that no number holds, and tell of a hangup where they ask', async () => {
    const { status, body } = await create({});
    const { app_id: appId } = body as { app_id: string };
    expect(status).toBe(201);
    expect(appId).toMatch(/^\d{17}$/);
    expect(String(Number(appId))).not.toBe(appId);
    expect((await ask('get', `${BASE}/Application/${appId}/`)).body).toMatchObject({
      app_id: appId,
      app_name: 'Ours',
      answer_method: 'POST',
      hangup_url: 'https://us.example.com/answer',
      default_app: false,
      sip_uri: `sip:${appId}@app.plivo.com`,
    });
  });

  it('have names of their own', async () => {
    expect((await create({ app_name: 'Former_App' })).status).toBe(400);
    const { body } = await create({});
    const path = `${BASE}/Application/${(body as { app_id: string }).app_id}/`;
    expect((await ask('post', path, { app_name: 'Former_App' })).status).toBe(400);
    expect((await ask('post', path, { app_name: 'Ours' })).status).toBe(202);
  });

  it('change only in what is sent', async () => {
    expect(
      (await ask('post', `${BASE}/Application/${FORMER}/`, { hangup_url: 'https://us.example.com/h' })).status,
    ).toBe(202);
    expect((await ask('get', `${BASE}/Application/${FORMER}/`)).body).toMatchObject({
      answer_url: 'https://former.example.com/answer',
      hangup_url: 'https://us.example.com/h',
      default_app: true,
    });
  });

  it('become the default in place of another', async () => {
    await create({ default_number_app: 'true' });
    expect((await ask('get', `${BASE}/Application/${FORMER}/`)).body).toMatchObject({ default_app: false });
  });

  it.each([{ app_name: '' }, { answer_url: 'us.example.com' }, { answer_method: 'PUT' }, { answer_url: undefined }])(
    'are not made with %j',
    async (more) => expect((await create(more)).status).toBe(400),
  );

  it('are not made of anything but JSON', async () => {
    expect((await ask('post', `${BASE}/Application/`)).status).toBe(400);
  });

  it('leave their numbers with none when they are deleted', async () => {
    expect(await ask('delete', `${BASE}/Application/${FORMER}/`)).toEqual({ status: 204, body: undefined });
    expect(await numberOf(NUMBER)).toMatchObject({ application: null });
    expect((await ask('get', `${BASE}/Application/${FORMER}/`)).status).toBe(404);
  });
});

describe('the account', () => {
  it('is read by its own credentials alone, and refused in plain text', async () => {
    expect((await ask('get', `${BASE}/`)).body).toMatchObject({ auth_id: DEMO_PLIVO.auth_id, billing_mode: 'prepaid' });
    const refused = await ask('get', `${BASE}/`, undefined, BIG);
    expect(refused.status).toBe(401);
    expect(typeof refused.body).toBe('string');
    expect((await ask('get', `${BASE}/`, undefined, { ...DEMO_PLIVO, auth_token: 'wrong' })).status).toBe(401);
  });

  it('is read back from what was saved', async () => {
    await ask('post', `${BASE}/Number/${OTHER}/`, { app_id: FORMER, alias: 'a' });
    const copy = new PlivoVendor({ now: () => 0 });
    copy.seed(copy.parseSeed(JSON.parse(JSON.stringify(vendor.snapshot()))));
    expect(copy.snapshot()).toEqual(vendor.snapshot());
    expect(copy.overview()).toEqual(vendor.overview());
  });

  it('comes to rent numbers, and to rent them no more', async () => {
    vendor.hold(DEMO_PLIVO.auth_id, ['+13015550100']);
    expect(await numberOf('13015550100')).toMatchObject({ number: '13015550100', application: null });
    vendor.release('+13015550100');
    expect((await ask('get', `${BASE}/Number/13015550100/`)).status).toBe(404);
  });

  it('is what the demo says', () => {
    const [demo] = vendor.demos;
    expect(demo.numbers.map((number) => vendor.account(demo.account)?.number(number.slice(1))?.number)).toEqual(
      demo.numbers.map((number) => number.slice(1)),
    );
  });

  it('does not own the numbers of another', () => {
    const stolen = { accounts: [{ ...BIG, numbers: [`+${NUMBER}`] }] };
    expect(() => vendor.seed(vendor.parseSeed(stolen))).toThrow('belongs to');
  });

  it.each([
    [{ ...BIG, auth_id: 'AC1' }, 'auth_id'],
    [{ ...BIG, timezone: 'Mars/Olympus' }, 'timezone'],
    [{ ...BIG, numbers: ['14155550123'] }, 'E.164'],
    [{ ...BIG, owner: 'me' }, 'owner'],
  ])('is not seeded with %j', (account, reason) => {
    expect(() => vendor.parseSeed({ accounts: [account] })).toThrow(reason);
  });
});
