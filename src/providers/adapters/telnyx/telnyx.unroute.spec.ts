import {
  APP,
  APPLICATION,
  failure,
  ITEM,
  list,
  MemoryShared,
  NOT_FOUND,
  NUMBER,
  ok,
  refusal,
  TARGET,
  VendorServer,
} from './telnyx.fixture';

const vendor = new VendorServer();
const NUMBER_PATH = `/phone_numbers/${NUMBER.providerNumberId}`;
const ON_OURS = { ...ITEM, connection_id: APP };

beforeAll(() => vendor.start());
afterAll(() => vendor.stop());
beforeEach(() => vendor.prepare());
afterEach(() => expect(vendor.answers).toEqual([]));

describe('unroute', () => {
  const former = { connection_id: ITEM.connection_id };

  it('gives the former connection back', async () => {
    vendor.prepare(ok(ON_OURS), ok(ITEM));
    await vendor.client().unroute(NUMBER, former, [TARGET]);
    expect(vendor.trail).toEqual([`GET ${NUMBER_PATH}`, `PATCH ${NUMBER_PATH}`]);
    expect(vendor.asked[1]?.json).toEqual({ connection_id: ITEM.connection_id });
  });

  it('leaves alone a number that somebody has put elsewhere, or on nothing', async () => {
    vendor.prepare(ok({ ...ITEM, connection_id: '42' }), NOT_FOUND);
    await vendor.client().unroute(NUMBER, former, [TARGET]);
    vendor.prepare(ok({ ...ITEM, connection_id: '42' }), ok({ ...APPLICATION, id: '42', friendly_name: 'theirs' }));
    await vendor.client().unroute(NUMBER, former, [TARGET]);
    expect(vendor.trail).toEqual([`GET ${NUMBER_PATH}`, 'GET /texml_applications/42']);
    vendor.prepare(ok({ ...ITEM, connection_id: '' }));
    await vendor.client().unroute(NUMBER, former, [TARGET]);
  });

  it('knows the shared application by its name where nothing is remembered', async () => {
    vendor.prepare(ok(ON_OURS), ok(APPLICATION), ok(ITEM));
    await vendor.client(new MemoryShared(null)).unroute(NUMBER, former, [TARGET]);
    expect(vendor.asked[2]?.json).toEqual({ connection_id: ITEM.connection_id });
  });

  it.each([null, { connection_id: null }, { connection_id: APP }])(
    'clears the connection where the former route is %j',
    async (before) => {
      vendor.prepare(ok(ON_OURS), ok({ ...ITEM, connection_id: '' }));
      await vendor.client().unroute(NUMBER, before, [TARGET]);
      expect(vendor.asked[1]?.json).toEqual({ connection_id: '' });
    },
  );

  it('clears by null where an empty text is refused or changes nothing', async () => {
    vendor.prepare(ok(ON_OURS), refusal(422, '10015', 'Bad Request'), ok({ ...ITEM, connection_id: null }));
    await vendor.client().unroute(NUMBER, null, [TARGET]);
    expect(vendor.asked.slice(1).map(({ json }) => json)).toEqual([{ connection_id: '' }, { connection_id: null }]);
    vendor.prepare(ok(ON_OURS), ok(ON_OURS), ok(ON_OURS), ok({ ...ITEM, connection_id: null }));
    await vendor.client().unroute(NUMBER, null, [TARGET]);
    expect(vendor.asked[3]?.json).toEqual({ connection_id: null });
  });

  it('does not claim to have cleared what is still there', async () => {
    vendor.prepare(ok(ON_OURS), ok(ON_OURS), ok(ON_OURS), ok(ON_OURS), ok(ON_OURS));
    expect(await failure(vendor.client().unroute(NUMBER, null, [TARGET]))).toMatchObject({ kind: 'transient' });
  });

  it('clears a connection that was deleted meanwhile, and nothing else that is refused', async () => {
    vendor.prepare(
      ok(ON_OURS),
      refusal(422, '10017', 'Associated resource does not exist'),
      ok({ ...ITEM, connection_id: null }),
    );
    await vendor.client().unroute(NUMBER, former, [TARGET]);
    expect(vendor.asked[2]?.json).toEqual({ connection_id: '' });
    vendor.prepare(ok(ON_OURS), refusal(422, '10015', 'Bad Request'));
    expect(await failure(vendor.client().unroute(NUMBER, former, [TARGET]))).toMatchObject({ kind: 'permanent' });
  });

  it('throws not_owned for a number that was released', async () => {
    vendor.prepare(NOT_FOUND, list([]));
    expect(await failure(vendor.client().unroute(NUMBER, former, [TARGET]))).toMatchObject({ kind: 'not_owned' });
  });
});
