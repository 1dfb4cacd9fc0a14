import type { NumberPage } from '../../contract/route';
import {
  API_KEY,
  APP,
  APPLICATION,
  type Answer,
  failure,
  ITEM,
  list,
  NOT_FOUND,
  NUMBER,
  ok,
  refusal,
  TARGET,
  VendorServer,
  VOICE,
} from './telnyx.fixture';

const vendor = new VendorServer();
const NUMBER_PATH = `/phone_numbers/${NUMBER.providerNumberId}`;
const APP_PATH = `/texml_applications/${APP}`;
const ON_OURS = { ...ITEM, connection_id: APP };

beforeAll(() => vendor.start());
afterAll(() => vendor.stop());
beforeEach(() => vendor.prepare());
afterEach(() => expect(vendor.answers).toEqual([]));

describe('verify', () => {
  it('reads the balance', async () => {
    vendor.prepare(ok({ record_type: 'balance', balance: '300.00', currency: 'USD', credit_limit: '100.00' }));
    expect(await vendor.client().verify()).toEqual({ verified: true });
    expect(vendor.trail).toEqual(['GET /balance']);
    expect(vendor.asked[0]?.authorization).toBe(`Bearer ${API_KEY}`);
  });

  it.each([
    refusal(401, '10009', 'Authentication failed'),
    refusal(403, '10010', 'Authorization failed'),
    refusal(403, '10006', 'Not authorized'),
  ])('throws credentials_rejected for %j, with the code as text', async (...answer: Answer) => {
    vendor.prepare(answer);
    const error = await failure(vendor.client().verify());
    expect(error).toMatchObject({ kind: 'credentials_rejected', httpStatus: answer[0] });
    expect(error.vendorCode).toMatch(/^100\d\d$/);
    expect(error.message).not.toContain(API_KEY);
    expect(error.message).not.toContain('detail');
  });

  it.each([[200, {}] as const, [200, 'up'] as const, [200, { data: [] }] as const])(
    'does not take %j for a proof',
    async (...answer) => {
      vendor.prepare(answer);
      expect(await failure(vendor.client().verify())).toMatchObject({ kind: 'transient' });
    },
  );
});

describe('numbers', () => {
  const other = { ...ITEM, id: '1293384261075731501', phone_number: '+12025551234' };

  async function pages(after: string | null): Promise<NumberPage[]> {
    const found: NumberPage[] = [];
    for await (const page of vendor.client().numbers(after)) found.push(page);
    return found;
  }

  it('reads page after page, each with where to go on', async () => {
    vendor.prepare(list([ITEM], 1, 2), list([other], 2, 2));
    expect(await pages(null)).toEqual([
      { numbers: [{ phoneNumber: '+19705555098', providerNumberId: '1293384261075731499' }], next: '2' },
      { numbers: [{ phoneNumber: '+12025551234', providerNumberId: '1293384261075731501' }], next: null },
    ]);
    const queries = vendor.asked.map(({ query }) => Object.fromEntries(query));
    expect(queries).toEqual([
      { sort: 'phone_number', 'page[number]': '1', 'page[size]': '250' },
      { sort: 'phone_number', 'page[number]': '2', 'page[size]': '250' },
    ]);
  });

  it('fetches a page when it is asked for, and goes on behind one', async () => {
    vendor.prepare(list([ITEM], 2, 3));
    const iterator = vendor.client().numbers('2')[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ value: { next: '3' } });
    expect(vendor.asked).toHaveLength(1);
    expect(vendor.asked[0]?.query.get('page[number]')).toBe('2');
  });

  it('leaves out what the account holds no more and short codes, which are not E.164', async () => {
    const gone = ['deleted', 'ported-out', 'purchase-failed', 'port-failed'].map((status) => ({ ...ITEM, status }));
    const shortCode = { ...ITEM, phone_number: '12345', phone_number_type: 'shortcode' };
    vendor.prepare(list([...gone, shortCode, { ...other, status: 'port-pending' }]));
    expect((await pages(null))[0]?.numbers).toEqual([
      { phoneNumber: '+12025551234', providerNumberId: '1293384261075731501' },
    ]);
  });

  it('takes no item for granted, not even an identifier that is a number', async () => {
    vendor.prepare(list([{ ...ITEM, id: 12_345 }]));
    expect(await failure(pages(null))).toMatchObject({ kind: 'transient' });
  });

  it('does not go round in circles', async () => {
    vendor.prepare(list([ITEM], 1, 3), list([ITEM], 1, 3));
    expect(await failure(pages(null))).toMatchObject({ kind: 'transient' });
  });

  it('refuses a place that it has not given', async () => {
    expect(await failure(pages('0'))).toMatchObject({ kind: 'permanent' });
  });
});

describe('find', () => {
  it('asks with digits alone, since a + finds nothing, and compares, since parts are found too', async () => {
    const longer = { ...ITEM, id: '1', phone_number: '+197055550981' };
    vendor.prepare(list([longer, ITEM]));
    expect(await vendor.client().find(NUMBER.phoneNumber)).toEqual(NUMBER);
    expect(vendor.asked[0]?.query.get('filter[phone_number]')).toBe('19705555098');
    vendor.prepare(list([longer]));
    expect(await vendor.client().find(NUMBER.phoneNumber)).toBeNull();
  });

  it('does not find a number that was ported out', async () => {
    vendor.prepare(list([{ ...ITEM, status: 'ported-out' }]));
    expect(await vendor.client().find(NUMBER.phoneNumber)).toBeNull();
  });
});

describe('readRoute', () => {
  async function matches(item: object, voice: object, application: object): Promise<boolean> {
    vendor.standing = {
      [`/v2${NUMBER_PATH}`]: ok({ ...ON_OURS, ...item }),
      [`/v2${NUMBER_PATH}/voice`]: ok({ ...VOICE, ...voice }),
      [`/v2${APP_PATH}`]: ok({ ...APPLICATION, ...application }),
    };
    return (await vendor.client().readRoute(NUMBER)).matches(TARGET);
  }

  it('keeps the connection in its own words', async () => {
    vendor.standing = {
      [`/v2${NUMBER_PATH}`]: ok(ITEM),
      [`/v2${NUMBER_PATH}/voice`]: ok(VOICE),
      '/v2/texml_applications/1293384261075731461': NOT_FOUND,
    };
    const route = await vendor.client().readRoute(NUMBER);
    expect(route).toMatchObject({ providerNumberId: ITEM.id, snapshot: { connection_id: '1293384261075731461' } });
    expect(route.matches(TARGET)).toBe(false);
  });

  it.each([null, '', undefined])('knows no connection by %j', async (connection_id) => {
    vendor.prepare(ok({ ...ITEM, connection_id }), ok(VOICE));
    expect((await vendor.client().readRoute(NUMBER)).snapshot).toEqual({ connection_id: null });
  });

  it('looks the number up again when its identifier is gone, or another number has it', async () => {
    vendor.prepare(NOT_FOUND, list([{ ...ITEM, id: '77', connection_id: null }]), ok(VOICE));
    expect((await vendor.client().readRoute(NUMBER)).providerNumberId).toBe('77');
    vendor.prepare(ok({ ...ITEM, phone_number: '+12025551234' }), list([]));
    expect(await failure(vendor.client().readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
  });

  it('matches only what nothing overrides', async () => {
    expect(await matches({}, {}, {})).toBe(true);
    expect(await matches({}, {}, { voice_url: `${TARGET.answerUrl}/` })).toBe(false);
    expect(await matches({}, {}, { voice_method: 'get' })).toBe(false);
    expect(await matches({}, {}, { status_callback: null })).toBe(false);
    expect(await matches({}, {}, { status_callback_method: 'get' })).toBe(false);
    expect(await matches({}, {}, { active: false })).toBe(false);
    expect(await matches({}, { translated_number: '4711' }, {})).toBe(false);
    expect(await matches({ status: 'emergency-only' }, {}, {})).toBe(false);
  });

  it('counts call forwarding only where it forwards', async () => {
    const forwarding = (more: object) => ({
      call_forwarding: {
        call_forwarding_enabled: true,
        forwards_to: '+13035559123',
        forwarding_type: 'always',
        ...more,
      },
    });
    expect(await matches({}, forwarding({}), {})).toBe(false);
    expect(await matches({}, forwarding({ forwards_to: '' }), {})).toBe(true);
    expect(await matches({}, forwarding({ forwarding_type: '' }), {})).toBe(true);
    expect(await matches({}, forwarding({ forwarding_type: 'on-failure' }), {})).toBe(true);
    expect(await matches({}, forwarding({ call_forwarding_enabled: false }), {})).toBe(true);
  });
});

describe('route', () => {
  it('puts the number on the shared application', async () => {
    vendor.prepare(ok(ITEM), ok(VOICE), ok(APPLICATION), ok(ON_OURS));
    await vendor.client().route(NUMBER, TARGET);
    expect(vendor.trail).toEqual([
      `GET ${NUMBER_PATH}`,
      `GET ${NUMBER_PATH}/voice`,
      `GET ${APP_PATH}`,
      `PATCH ${NUMBER_PATH}`,
    ]);
    expect(vendor.asked[3]?.json).toEqual({ connection_id: APP });
  });

  it('reads again where the answer still shows the former connection, and does not believe it twice', async () => {
    vendor.prepare(ok(ITEM), ok(VOICE), ok(APPLICATION), ok(ITEM), ok(ON_OURS));
    await vendor.client().route(NUMBER, TARGET);
    vendor.prepare(ok(ITEM), ok(VOICE), ok(APPLICATION), ok(ITEM), ok(ITEM));
    expect(await failure(vendor.client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
  });

  it.each([
    ['call forwarding', {}, { call_forwarding: { forwards_to: '+13035559123', forwarding_type: 'always' } }],
    ['translated number', {}, { translated_number: '4711' }],
    ['not active at Telnyx (port-pending)', { status: 'port-pending' }, {}],
    ['not active at Telnyx (unknown)', { status: '<b>new</b>' }, {}],
  ])('refuses for ever, and says why: %s', async (reason, item, voice) => {
    vendor.prepare(ok({ ...ITEM, ...item }), ok({ ...VOICE, ...voice }));
    const error = await failure(vendor.client().route(NUMBER, TARGET));
    expect(error.kind).toBe('permanent');
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain('+13035559123');
  });

  it('throws not_owned where the account does not hold the number', async () => {
    vendor.prepare(NOT_FOUND, list([]));
    expect(await failure(vendor.client().route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
    vendor.prepare(ok(ITEM), ok(VOICE), ok(APPLICATION), NOT_FOUND);
    expect(await failure(vendor.client().route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
  });

  it("tells Telnyx's code but not its words", async () => {
    vendor.prepare(ok(ITEM), ok(VOICE), ok(APPLICATION), refusal(422, '10015', 'Bad Request'));
    const error = await failure(vendor.client().route(NUMBER, TARGET));
    expect(error).toMatchObject({ kind: 'permanent', httpStatus: 422, vendorCode: '10015' });
    expect(error.message).toBe('Telnyx refused the request (HTTP 422, error 10015)');
  });

  it('passes on that it must wait', async () => {
    vendor.prepare(refusal(429, '10011', 'Too many requests'));
    expect(await failure(vendor.client().route(NUMBER, TARGET))).toMatchObject({ kind: 'rate_limited' });
  });
});
