import {
  APPLICATION,
  application,
  applicationAnswer,
  clientOf,
  details,
  failureOf,
  FakeBandwidth,
  json,
  MemoryShared,
  NAME,
  NUMBERS,
  ours,
  PLATFORM,
  type Reply,
  SleepingClock,
  TARGET,
} from './bandwidth.fixture';

const NUMBER = { phoneNumber: '+12018981023', providerNumberId: null };
const PACKAGE = '3d7c1f3e-6a77-4d6f-9f0a-5d2c7e1b0a11';
const FORMER = 'a1b2c3d4-0000-4000-8000-000000000001';
const PACKAGES = `${PLATFORM}/voiceConfigurationPackages`;
const VOICE = `GET ${PLATFORM}/phoneNumbers/voice`;
const BULK = `POST ${PACKAGES}/${PACKAGE}/phoneNumbers/bulk`;
const ACTIVATION = `POST ${NUMBERS}/serviceActivation`;
const DETAILS = 'GET /api/v2/tns/%2B12018981023/tndetails';
const READ_APPLICATION = `GET ${NUMBERS}/applications/${APPLICATION}`;
const MADE = {
  kind: 'universal',
  application_id: APPLICATION,
  callback_user: 'patchbay-1',
  callback_password: 'p'.repeat(64),
  package_id: PACKAGE,
};

const vcp = (id: string, name: string, applicationId: string | null) => ({
  voiceConfigurationPackageId: id,
  accountId: 9900000,
  name,
  description: '',
  httpVoiceV2ApplicationId: applicationId,
});
const envelope = (data: unknown, afterCursor: string | null = null) =>
  json({ links: [], data, errors: [], page: { afterCursor } });
const voice = (
  packageId: string | null,
  inboundActivated: boolean | undefined = true,
  phoneNumber = NUMBER.phoneNumber,
) => envelope([{ phoneNumber, voiceConfigurationPackageId: packageId, inboundActivated }]);
/** The official CLI: "The API returns null on success". */
const ASSIGNED: Reply = { status: 200, body: 'null' };

describe('BandwidthClient on the Universal Platform', () => {
  const fake = new FakeBandwidth();
  let shared: MemoryShared;
  let clock: SleepingClock;
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    shared = new MemoryShared(MADE);
    clock = new SleepingClock();
  });

  const client = () => clientOf(fake, shared, undefined, clock);
  const right = {
    [`GET ${PACKAGES}/${PACKAGE}`]: envelope(vcp(PACKAGE, NAME, APPLICATION)),
    [READ_APPLICATION]: applicationAnswer(ours('patchbay-1')),
    [DETAILS]: details(NUMBER.phoneNumber),
  };

  describe('readRoute', () => {
    it('keeps the package that the number was in, and remembers nothing', async () => {
      shared = new MemoryShared();
      fake.reset({ [`GET ${PACKAGES}`]: envelope([]), [VOICE]: voice(FORMER, false) });
      const route = await client().readRoute(NUMBER);
      expect(route.snapshot).toEqual({
        kind: 'universal',
        voice_configuration_package_id: FORMER,
        inbound_activated: 'false',
      });
      expect(route.matches(TARGET)).toBe(false);
      expect(shared.writes).toBe(0);
    });

    it('reads all pages of a list that has no filter by number', async () => {
      shared = new MemoryShared();
      const other = envelope([{ phoneNumber: '+12018981024', voiceConfigurationPackageId: PACKAGE }], 'cursor 2');
      fake.reset({ [`GET ${PACKAGES}`]: envelope([]), [VOICE]: [other, voice(FORMER)] });
      expect((await client().readRoute(NUMBER)).snapshot.voice_configuration_package_id).toBe(FORMER);
      expect(fake.asked.slice(1).map(({ query }) => [...query])).toEqual([
        [['limit', '1000']],
        [
          ['limit', '1000'],
          ['afterCursor', 'cursor 2'],
        ],
      ]);
      fake.reset({ [`GET ${PACKAGES}`]: envelope([]), [VOICE]: other });
      expect(await failureOf(client().readRoute(NUMBER))).toMatchObject({ kind: 'transient' });
    });

    it('knows a number that is in no package, and one of another account', async () => {
      fake.reset({ ...right, [VOICE]: envelope([]) });
      expect((await client().readRoute(NUMBER)).snapshot.voice_configuration_package_id).toBeNull();
      fake.reset({ ...right, [VOICE]: envelope([]), [DETAILS]: details(NUMBER.phoneNumber, { account: '14' }) });
      expect(await failureOf(client().readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
    });

    it.each<[string, boolean, Record<string, Reply>]>([
      ['all is ours', true, {}],
      ['Bandwidth does not tell whether calls are activated', true, { [VOICE]: voice(PACKAGE, undefined) }],
      [
        'the package is named inside an object',
        true,
        {
          [VOICE]: envelope([
            { phoneNumber: NUMBER.phoneNumber, voiceConfigurationPackage: { voiceConfigurationPackageId: PACKAGE } },
          ]),
        },
      ],
      ['the number is in another package', false, { [VOICE]: voice(FORMER) }],
      ['inbound calls are not activated', false, { [VOICE]: voice(PACKAGE, false) }],
      [
        'the package leads to another application',
        false,
        {
          [`GET ${PACKAGES}/${PACKAGE}`]: envelope(vcp(PACKAGE, NAME, 'other')),
        },
      ],
      ['the package is gone', false, { [`GET ${PACKAGES}/${PACKAGE}`]: json({ errors: [] }, 404) }],
      [
        'the application leads elsewhere',
        false,
        {
          [READ_APPLICATION]: applicationAnswer(application('https://x.example.com/', TARGET.statusUrl, 'patchbay-1')),
        },
      ],
      ['the application sends other credentials', false, { [READ_APPLICATION]: applicationAnswer(ours('x')) }],
      ['the application is gone', false, { [READ_APPLICATION]: { status: 404 } }],
    ])('where %s: %s', async (_what, matches, answers) => {
      fake.reset({ ...right, [VOICE]: voice(PACKAGE), ...answers });
      expect((await client().readRoute(NUMBER)).matches(TARGET)).toBe(matches);
    });
  });

  describe('route', () => {
    it('makes a package for the application, puts the number into it, and activates its calls', async () => {
      shared = new MemoryShared();
      const order = { orderId: '8f6c', orderStatus: 'RECEIVED' };
      fake.reset({
        ...right,
        [`GET ${PACKAGES}`]: envelope([vcp(FORMER, 'theirs', null)]),
        [`GET ${NUMBERS}/applications`]: applicationAnswer('<ApplicationList/>'),
        [`POST ${NUMBERS}/applications`]: applicationAnswer(ours('patchbay-1')),
        [`POST ${PACKAGES}`]: json({ links: [], data: vcp(PACKAGE, NAME, APPLICATION), errors: [] }, 201),
        [VOICE]: [envelope([]), voice(PACKAGE, false)],
        [BULK]: ASSIGNED,
        [ACTIVATION]: json({ data: order }, 201),
        [`GET ${NUMBERS}/serviceActivation/8f6c`]: [
          json({ data: { ...order, orderStatus: 'PROCESSING' } }),
          json({ data: { ...order, orderStatus: 'COMPLETE' } }),
        ],
      });
      await client().route(NUMBER, TARGET);
      expect(JSON.parse(fake.last(`POST ${PACKAGES}`).body)).toMatchObject({
        name: NAME,
        httpVoiceV2ApplicationId: APPLICATION,
      });
      expect(JSON.parse(fake.last(BULK).body)).toEqual({ action: 'ADD', phoneNumbers: [NUMBER.phoneNumber] });
      expect(JSON.parse(fake.last(ACTIVATION).body)).toEqual({
        action: 'ACTIVATE',
        phoneNumbers: [NUMBER.phoneNumber],
        services: { voice: ['INBOUND'] },
      });
      expect(clock.slept).toEqual([250]);
      expect(shared.values).toMatchObject({ kind: 'universal', application_id: APPLICATION, package_id: PACKAGE });
    });

    it('changes nothing where all is right', async () => {
      fake.reset({ ...right, [VOICE]: voice(PACKAGE) });
      await client().route(NUMBER, TARGET);
      expect(fake.lines.filter((line) => !line.startsWith('GET'))).toEqual([]);
      expect(shared.writes).toBe(0);
    });

    it('uses a package of its name, and leads it back to the application', async () => {
      shared = new MemoryShared(Object.fromEntries(Object.entries(MADE).filter(([name]) => name !== 'package_id')));
      const patch = `PATCH ${PACKAGES}/${PACKAGE}`;
      fake.reset({
        ...right,
        [`GET ${PACKAGES}`]: envelope([vcp(FORMER, 'theirs', null), vcp(PACKAGE, NAME, 'other')]),
        [patch]: envelope(vcp(PACKAGE, NAME, APPLICATION)),
        [VOICE]: voice(PACKAGE),
      });
      await client().route(NUMBER, TARGET);
      expect(JSON.parse(fake.last(patch).body)).toEqual({ httpVoiceV2ApplicationId: APPLICATION });
      expect(shared.values).toEqual(MADE);
    });

    it('does not believe an empty answer', async () => {
      fake.reset({ ...right, [VOICE]: envelope([]), [BULK]: ASSIGNED });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
    });

    it('throws not_owned before it changes anything', async () => {
      fake.reset({ ...right, [VOICE]: envelope([]), [DETAILS]: { status: 404 } });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
      expect(fake.lines).not.toContain(BULK);
    });

    it('names a number whose calls Bandwidth does not activate', async () => {
      fake.reset({
        ...right,
        [VOICE]: voice(PACKAGE, false),
        [ACTIVATION]: json({ data: { orderId: '8f6c', orderStatus: 'FAILED' } }, 201),
      });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({
        kind: 'permanent',
        vendorCode: 'FAILED',
      });
    });

    it('does not wait for ever', async () => {
      fake.reset({
        ...right,
        [VOICE]: voice(PACKAGE, false),
        [ACTIVATION]: json({ data: { orderId: '8f6c', orderStatus: 'RECEIVED' } }, 201),
        [`GET ${NUMBERS}/serviceActivation/8f6c`]: json({ data: { orderId: '8f6c', orderStatus: 'PROCESSING' } }),
      });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient', timedOut: true });
    });
  });

  describe('unroute', () => {
    const bulk = (id: string) => `POST ${PACKAGES}/${id}/phoneNumbers/bulk`;
    const former = { kind: 'universal', voice_configuration_package_id: FORMER, inbound_activated: 'true' };

    it('gives the number back to the package that it was in', async () => {
      fake.reset({ ...right, [VOICE]: voice(PACKAGE), [bulk(FORMER)]: ASSIGNED });
      await client().unroute(NUMBER, former, [TARGET]);
      expect(JSON.parse(fake.last(bulk(FORMER)).body)).toEqual({ action: 'ADD', phoneNumbers: [NUMBER.phoneNumber] });
    });

    it.each([
      [null],
      [{ ...former, voice_configuration_package_id: null }],
      [{ ...former, voice_configuration_package_id: PACKAGE }],
    ])('takes it out of ours where it was in no other: %j', async (before) => {
      fake.reset({ ...right, [VOICE]: [voice(PACKAGE), envelope([])], [BULK]: ASSIGNED });
      await client().unroute(NUMBER, before, [TARGET]);
      expect(JSON.parse(fake.last(BULK).body)).toEqual({ action: 'REMOVE', phoneNumbers: [NUMBER.phoneNumber] });
    });

    const refusal = json({ errors: [{ code: '400' }] }, 400);
    it.each([
      ['is refused', 'is made', refusal, envelope([]), [`POST ${PACKAGES}`]],
      ['is refused', 'was made before', refusal, envelope([vcp(FORMER, `${NAME}-unused`, null)]), []],
      ['changes nothing', 'is made', ASSIGNED, envelope([]), [`POST ${PACKAGES}`]],
    ])(
      'puts it into a package that leads nowhere where removing %s; that one %s',
      async (_how, _what, removed, list, made) => {
        fake.reset({
          ...right,
          [VOICE]: voice(PACKAGE),
          [BULK]: removed,
          [`GET ${PACKAGES}`]: list,
          [`POST ${PACKAGES}`]: json({ data: vcp(FORMER, `${NAME}-unused`, null) }, 201),
          [bulk(FORMER)]: ASSIGNED,
        });
        await client().unroute(NUMBER, null, [TARGET]);
        expect(JSON.parse(fake.last(bulk(FORMER)).body)).toEqual({ action: 'ADD', phoneNumbers: [NUMBER.phoneNumber] });
        expect(fake.lines.filter((line) => line === `POST ${PACKAGES}`)).toEqual(made);
        if (made.length > 0) {
          expect(JSON.parse(fake.last(`POST ${PACKAGES}`).body)).not.toHaveProperty('httpVoiceV2ApplicationId');
        }
      },
    );

    it('leaves a number that somebody has moved since', async () => {
      fake.reset({ ...right, [VOICE]: voice('somebody') });
      await client().unroute(NUMBER, former, [TARGET]);
      expect(fake.lines.filter((line) => !line.startsWith('GET'))).toEqual([]);
    });

    it('takes it out of ours where the former package is gone', async () => {
      fake.reset({
        ...right,
        [VOICE]: [voice(PACKAGE), envelope([])],
        [bulk(FORMER)]: json({ errors: [{ code: 'not-found' }] }, 404),
        [BULK]: ASSIGNED,
      });
      await client().unroute(NUMBER, former, [TARGET]);
      expect(JSON.parse(fake.last(BULK).body)).toEqual({ action: 'REMOVE', phoneNumbers: [NUMBER.phoneNumber] });
    });

    it('tells of every other refusal of the former package', async () => {
      fake.reset({ ...right, [VOICE]: voice(PACKAGE), [bulk(FORMER)]: json({ errors: [{ code: 'locked' }] }, 400) });
      expect(await failureOf(client().unroute(NUMBER, former, [TARGET]))).toMatchObject({
        kind: 'permanent',
        vendorCode: 'locked',
      });
    });
  });
});
