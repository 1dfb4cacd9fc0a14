import {
  APP,
  APPLICATION,
  failure,
  ITEM,
  list,
  MemoryShared,
  NAME,
  NOT_FOUND,
  NUMBER,
  ok,
  TARGET,
  VendorServer,
  VOICE,
} from './telnyx.fixture';

const vendor = new VendorServer();
const ON_OURS = ok({ ...ITEM, connection_id: APP });
/** Of the number, before the application is looked at. */
const BEFORE = [ok(ITEM), ok(VOICE)] as const;
const WANTED = {
  friendly_name: NAME,
  active: true,
  voice_url: TARGET.answerUrl,
  voice_method: 'post',
  status_callback: TARGET.statusUrl,
  status_callback_method: 'post',
};

beforeAll(() => vendor.start());
afterAll(() => vendor.stop());
beforeEach(() => vendor.prepare());
afterEach(() => expect(vendor.answers).toEqual([]));

/** What is asked about applications while a number is routed. */
const asked = () => vendor.trail.filter((line) => line.includes('texml_applications'));

describe('the shared application', () => {
  it('is made under its name where there is none', async () => {
    const shared = new MemoryShared(null);
    vendor.prepare(...BEFORE, list([]), ok(APPLICATION, 201), ON_OURS);
    await vendor.client(shared).route(NUMBER, TARGET);
    expect(asked()).toEqual(['GET /texml_applications', 'POST /texml_applications']);
    expect(vendor.asked[2]?.query.get('filter[friendly_name]')).toBe(NAME);
    expect(vendor.asked[3]?.json).toEqual(WANTED);
    expect(shared.values).toEqual({ application_id: APP });
  });

  it('is the one that an earlier run has made before it died, and no other whose name holds its own', async () => {
    const shared = new MemoryShared(null);
    const similar = { ...APPLICATION, id: '9', friendly_name: `${NAME}x` };
    const inCapitals = { ...APPLICATION, id: '8', friendly_name: NAME.toUpperCase() };
    vendor.prepare(...BEFORE, list([similar, inCapitals], 1, 2), list([APPLICATION], 2, 2), ON_OURS);
    await vendor.client(shared).route(NUMBER, TARGET);
    expect(asked()).toEqual(['GET /texml_applications', 'GET /texml_applications']);
    expect(shared.values).toEqual({ application_id: APP });
  });

  it('stays the very object that is remembered, so that nothing is rewritten', async () => {
    const remembered = { application_id: APP };
    const shared = new MemoryShared(remembered);
    const elsewhere = { ...APPLICATION, voice_url: 'https://old.example.com/' };
    vendor.prepare(...BEFORE, ok(elsewhere), ok(elsewhere), ok(APPLICATION), ON_OURS);
    await vendor.client(shared).route(NUMBER, TARGET);
    expect(shared.values).toBe(remembered);
  });

  it('is put right where it leads elsewhere, under the name that it has', async () => {
    const renamed = { ...APPLICATION, friendly_name: 'Voice agents', status_callback: null };
    vendor.prepare(...BEFORE, ok(renamed), ok(renamed), ok({ ...renamed, status_callback: TARGET.statusUrl }), ON_OURS);
    await vendor.client().route(NUMBER, TARGET);
    expect(asked().at(-1)).toBe(`PATCH /texml_applications/${APP}`);
    expect(vendor.asked[4]?.json).toEqual({ ...WANTED, friendly_name: 'Voice agents' });
  });

  it('is made again where it was deleted', async () => {
    const shared = new MemoryShared({ application_id: '7' });
    vendor.prepare(...BEFORE, NOT_FOUND, NOT_FOUND, list([]), ok(APPLICATION, 201), ON_OURS);
    await vendor.client(shared).route(NUMBER, TARGET);
    expect(shared.values).toEqual({ application_id: APP });
  });

  it('is not believed to lead where it does not', async () => {
    vendor.prepare(...BEFORE, list([]), ok({ ...APPLICATION, voice_url: 'https://example.com' }, 201));
    expect(await failure(vendor.client(new MemoryShared(null)).route(NUMBER, TARGET))).toMatchObject({
      kind: 'transient',
    });
  });

  it('is read once by those for whom another run makes it', async () => {
    const shared = new MemoryShared(null);
    shared.ensure = () => Promise.resolve({ application_id: APP });
    vendor.prepare(...BEFORE, ok(APPLICATION), ON_OURS);
    await vendor.client(shared).route(NUMBER, TARGET);
    expect(asked()).toEqual([`GET /texml_applications/${APP}`]);
  });
});
