import { XMLParser } from 'fast-xml-parser';
import {
  APPLICATION,
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
  USER,
  xml,
} from './bandwidth.fixture';

const NUMBER = { phoneNumber: '+12018981023', providerNumberId: null };
const DETAILS = 'GET /api/v2/tns/%2B12018981023/tndetails';
const SITE = '12345';
const PEER = '540341';
const SITES = `GET ${NUMBERS}/sites`;
const PEERS = `${NUMBERS}/sites/${SITE}/sippeers`;
const SETTINGS = `${PEERS}/${PEER}/products/origination/settings`;
const MOVES = `${NUMBERS}/moveTns`;
const ORDER = '093a9f9b-1a78-4e47-b6e2-776a484596f4';
const READ_APPLICATION = `GET ${NUMBERS}/applications/${APPLICATION}`;
const MADE = {
  kind: 'legacy',
  application_id: APPLICATION,
  callback_user: 'patchbay-1',
  callback_password: 'p'.repeat(64),
  site_id: SITE,
  sip_peer_id: PEER,
};
const FORMER = { kind: 'legacy', site_id: '479', sip_peer_id: '500014', origination_route_plan: null };

const sites = (...ids: string[]) =>
  xml(
    `<SitesResponse><Sites>${ids.map((id) => `<Site><Id>${id}</Id><Name>s</Name></Site>`).join('')}</Sites></SitesResponse>`,
  );
const peer = (id: string, name: string, isDefault = false) =>
  `<SipPeer><PeerId>${id}</PeerId><PeerName>${name}</PeerName><IsDefaultPeer>${isDefault}</IsDefaultPeer></SipPeer>`;
const peers = (...items: string[]) =>
  xml(`<TNSipPeersResponse><SipPeers>${items.join('')}</SipPeers></TNSipPeersResponse>`);
/** As https://dev.bandwidth.com/docs/account/programmatic-setup answers. */
const settings = (id: string) =>
  xml(
    '<SipPeerOriginationSettingsResponse><SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol>' +
      `<HttpSettings><HttpVoiceV2AppId>${id}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings></SipPeerOriginationSettingsResponse>`,
  );
const sip = xml(
  '<SipPeerOriginationSettingsResponse><SipPeerOriginationSettings><VoiceProtocol>SIP</VoiceProtocol></SipPeerOriginationSettings></SipPeerOriginationSettingsResponse>',
);
const peerTns = (...numbers: string[]) =>
  xml(
    `<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers>${numbers
      .map((number) => `<SipPeerTelephoneNumber><FullNumber>${number}</FullNumber></SipPeerTelephoneNumber>`)
      .join('')}</SipPeerTelephoneNumbers></SipPeerTelephoneNumbersResponse>`,
  );
/** As numbers_v2.yml answers to `GET /moveTns/{orderId}`; the POST wraps it once more. */
const order = (status: string, more = '') =>
  `<MoveTnsOrder><OrderId>${ORDER}</OrderId><SiteId>${SITE}</SiteId><ProcessingStatus>${status}</ProcessingStatus>${more}</MoveTnsOrder>`;
const received = xml(`<MoveTnsOrderResponse>${order('RECEIVED')}</MoveTnsOrderResponse>`, 201);
const noOrders = xml('<MoveTnsOrders><TotalCount>0</TotalCount></MoveTnsOrders>');
const refusedOrder = (code: string) =>
  xml(
    `<MoveTnsOrderResponse><ProcessingStatus>FAILED</ProcessingStatus><Errors><Code>${code}</Code><Description>The id is invalid.</Description></Errors></MoveTnsOrderResponse>`,
    400,
  );
const NOT_ACTIVE =
  '<Errors><Error><Code>7518</Code><Description>Telephone Number Not Active.</Description></Error></Errors>';

const there = details(NUMBER.phoneNumber, { site: SITE, peer: PEER });
const elsewhere = details(NUMBER.phoneNumber);

describe('BandwidthClient on an account of sites and SIP peers', () => {
  const fake = new FakeBandwidth();
  let shared: MemoryShared;
  let clock: SleepingClock;
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    shared = new MemoryShared(MADE);
    clock = new SleepingClock();
  });

  const client = (more: object = {}) => clientOf(fake, shared, { ...USER, ...more }, clock);
  const right = {
    [`GET ${SETTINGS}`]: settings(APPLICATION),
    [READ_APPLICATION]: applicationAnswer(ours('patchbay-1')),
    [`GET ${MOVES}`]: noOrders,
    [`POST ${MOVES}`]: received,
    [`GET ${MOVES}/${ORDER}`]: xml(order('COMPLETE')),
  };
  const fresh = {
    ...right,
    [`GET ${PLATFORM}/voiceConfigurationPackages`]: json({ errors: [{ type: 'forbidden' }] }, 403),
    [`GET ${NUMBERS}/applications`]: applicationAnswer('<ApplicationList/>'),
    [`POST ${NUMBERS}/applications`]: applicationAnswer(ours('patchbay-1')),
    [SITES]: sites(SITE),
    [`GET ${PEERS}`]: peers(peer('1', 'theirs', true)),
    [`POST ${PEERS}`]: { status: 201, headers: { Location: `https://dashboard.bandwidth.com/api${PEERS}/${PEER}` } },
    [`GET ${SETTINGS}`]: [{ status: 404 }, { status: 404 }, settings(APPLICATION)],
    [`POST ${SETTINGS}`]: settings(APPLICATION),
    [DETAILS]: [elsewhere, elsewhere, there],
  };

  describe('readRoute', () => {
    it('keeps the location that the number was in', async () => {
      fake.reset({ ...right, [DETAILS]: elsewhere });
      const route = await client().readRoute(NUMBER);
      expect(route.snapshot).toEqual(FORMER);
      expect(route.matches(TARGET)).toBe(false);
    });

    it.each<[string, boolean, Record<string, Reply>]>([
      ['all is ours', true, {}],
      ['the location has a SIP host', false, { [`GET ${SETTINGS}`]: sip }],
      ['the location leads to another application', false, { [`GET ${SETTINGS}`]: settings('other') }],
      ['the location is gone', false, { [`GET ${SETTINGS}`]: { status: 404 } }],
      [
        'the number is in another location of the site',
        false,
        { [DETAILS]: details(NUMBER.phoneNumber, { site: SITE }) },
      ],
      [
        'the number has a route plan of its own',
        false,
        {
          [DETAILS]: details(NUMBER.phoneNumber, {
            site: SITE,
            peer: PEER,
            more: '<OriginationRoutePlan><Id>cfa6ef74-4944-47c2-b112-0cf4360b1fa5</Id></OriginationRoutePlan>',
          }),
        },
      ],
    ])('where %s: %s', async (_what, matches, answers) => {
      fake.reset({ ...right, [DETAILS]: there, ...answers });
      expect((await client().readRoute(NUMBER)).matches(TARGET)).toBe(matches);
    });

    it('throws not_owned for a number that the account does not hold', async () => {
      fake.reset({ ...right, [DETAILS]: { status: 404 } });
      expect(await failureOf(client().readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
    });
  });

  describe('route', () => {
    it('makes a location for the application and moves the number into it', async () => {
      shared = new MemoryShared();
      fake.reset({ ...fresh, [`GET ${MOVES}/${ORDER}`]: [xml(order('PROCESSING')), xml(order('COMPLETE'))] });
      await client().route(NUMBER, TARGET);
      const parse = (line: string) => new XMLParser({ parseTagValue: false }).parse(fake.last(line).body) as unknown;
      expect(parse(`POST ${PEERS}`)).toMatchObject({ SipPeer: { PeerName: NAME, IsDefaultPeer: 'false' } });
      expect(parse(`POST ${SETTINGS}`)).toMatchObject({
        SipPeerOriginationSettings: { VoiceProtocol: 'HTTP', HttpSettings: { HttpVoiceV2AppId: APPLICATION } },
      });
      expect(parse(`POST ${MOVES}`)).toMatchObject({
        MoveTnsOrder: {
          CustomerOrderId: NAME,
          SiteId: SITE,
          SipPeerId: PEER,
          TelephoneNumbers: { TelephoneNumber: NUMBER.phoneNumber },
        },
      });
      expect(clock.slept).toEqual([250]);
      expect(shared.values).toMatchObject({ kind: 'legacy', site_id: SITE, sip_peer_id: PEER });
    });

    it('uses a location of its name that an earlier run has made', async () => {
      shared = new MemoryShared();
      fake.reset({
        ...fresh,
        [`GET ${PEERS}`]: peers(peer('1', 'theirs', true), peer(PEER, NAME)),
        [`GET ${SETTINGS}`]: settings(APPLICATION),
      });
      await client().route(NUMBER, TARGET);
      expect(fake.lines).not.toContain(`POST ${PEERS}`);
      expect(fake.lines).not.toContain(`POST ${SETTINGS}`);
    });

    it('leads its own location back to the application, and asks for the kind of account once', async () => {
      const put = `PUT ${SETTINGS}`;
      fake.reset({
        ...fresh,
        [`GET ${PEERS}`]: peers(peer(PEER, 'renamed')),
        [`GET ${SETTINGS}`]: [sip, sip, sip, settings(APPLICATION)],
        [put]: settings(APPLICATION),
        [DETAILS]: there,
      });
      await client().route(NUMBER, TARGET);
      expect(fake.lines).toContain(put);
      expect(fake.lines).not.toContain(`GET ${PLATFORM}/voiceConfigurationPackages`);
      expect(shared.writes).toBe(0);
    });

    it('changes nothing where all is right', async () => {
      fake.reset({ ...right, [DETAILS]: there });
      await client().route(NUMBER, TARGET);
      expect(fake.lines.filter((line) => !line.startsWith('GET'))).toEqual([]);
    });

    it('asks which of several sub-accounts is meant', async () => {
      shared = new MemoryShared();
      fake.reset({ ...fresh, [SITES]: sites(SITE, '2') });
      const error = await failureOf(client().route(NUMBER, TARGET));
      expect(error.kind).toBe('permanent');
      expect(error.message).toContain('site_id');
      fake.reset(fresh);
      await client({ site_id: SITE }).route(NUMBER, TARGET);
      expect(fake.lines).not.toContain(SITES);
    });

    describe('with a location of the customer', () => {
      const configured = { site_id: SITE, sip_peer_id: PEER };
      const numbers = `GET ${PEERS}/${PEER}/tns`;

      it('never re-routes the numbers that it carries', async () => {
        shared = new MemoryShared();
        fake.reset({ ...fresh, [`GET ${SETTINGS}`]: sip, [numbers]: peerTns('2018981099') });
        const error = await failureOf(client(configured).route(NUMBER, TARGET));
        expect(error.kind).toBe('permanent');
        expect(fake.lines.filter((line) => line.endsWith('/settings') && !line.startsWith('GET'))).toEqual([]);
      });

      it('does not take what it does not understand for an empty one', async () => {
        shared = new MemoryShared();
        fake.reset({
          ...fresh,
          [`GET ${SETTINGS}`]: sip,
          [numbers]: xml('<Numbers><Number>2018981099</Number></Numbers>'),
        });
        expect(await failureOf(client(configured).route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
        expect(fake.lines.filter((line) => line.endsWith('/settings') && !line.startsWith('GET'))).toEqual([]);
      });

      it('binds an empty one, and takes one that is bound already', async () => {
        shared = new MemoryShared();
        const put = `PUT ${SETTINGS}`;
        fake.reset({
          ...fresh,
          [`GET ${SETTINGS}`]: [sip, sip, settings(APPLICATION)],
          [put]: settings(APPLICATION),
          [numbers]: peerTns(),
        });
        await client(configured).route(NUMBER, TARGET);
        expect(fake.lines).toContain(put);
        expect(fake.lines).not.toContain(`POST ${PEERS}`);
      });

      it('goes over to another one that they come to name', async () => {
        const other = `${PEERS}/777/products/origination/settings`;
        fake.reset({
          ...right,
          [`GET ${other}`]: settings(APPLICATION),
          [DETAILS]: details(NUMBER.phoneNumber, { site: SITE, peer: '777' }),
        });
        await client({ site_id: SITE, sip_peer_id: '777' }).route(NUMBER, TARGET);
        expect(shared.values).toMatchObject({ sip_peer_id: '777' });
      });
    });

    it('refuses a number whose own route plan would override the location', async () => {
      const plan = '<OriginationRoutePlan><Id>cfa6ef74</Id></OriginationRoutePlan>';
      fake.reset({ ...right, [DETAILS]: details(NUMBER.phoneNumber, { more: plan }) });
      const error = await failureOf(client().route(NUMBER, TARGET));
      expect(error.kind).toBe('permanent');
      expect(error.message).toContain('route plan');
      expect(fake.lines).not.toContain(`POST ${MOVES}`);
    });

    it.each(['FAILED', 'PARTIAL'])('tells the code of an order that ends %s', async (status) => {
      fake.reset({ ...right, [DETAILS]: elsewhere, [`GET ${MOVES}/${ORDER}`]: xml(order(status, NOT_ACTIVE)) });
      const error = await failureOf(client().route(NUMBER, TARGET));
      expect(error).toMatchObject({ kind: 'permanent', vendorCode: '7518' });
      expect(error.message).not.toContain('Not Active');
    });

    it('tells the code of an order that is refused', async () => {
      const refused = refusedOrder('7312');
      fake.reset({ ...right, [DETAILS]: elsewhere, [`POST ${MOVES}`]: refused });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'permanent', vendorCode: '7312' });
    });

    it('waits for an order that an earlier try has left behind, instead of giving another', async () => {
      const open = xml(
        `<MoveTnsOrders><TotalCount>1</TotalCount><MoveTnsOrderSummary><OrderStatus>PROCESSING</OrderStatus><OrderId>${ORDER}</OrderId></MoveTnsOrderSummary></MoveTnsOrders>`,
      );
      fake.reset({ ...right, [DETAILS]: [elsewhere, elsewhere, there], [`GET ${MOVES}`]: open });
      await client().route(NUMBER, TARGET);
      expect(fake.lines).not.toContain(`POST ${MOVES}`);
      expect([...fake.last(`GET ${MOVES}`).query]).toEqual([
        ['tn', NUMBER.phoneNumber],
        ['customerOrderId', NAME],
      ]);
    });

    it('does not wait for ever, nor longer than the signal', async () => {
      fake.reset({ ...right, [DETAILS]: elsewhere, [`GET ${MOVES}/${ORDER}`]: xml(order('PROCESSING')) });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient', timedOut: true });
      const limit = new AbortController();
      clock = Object.assign(new SleepingClock(), { sleep: () => Promise.resolve(limit.abort()) });
      expect(await failureOf(client().route(NUMBER, TARGET, limit.signal))).toMatchObject({
        kind: 'transient',
        wasAbandoned: true,
      });
    });

    it('does not believe an order that is complete and has moved nothing', async () => {
      fake.reset({ ...right, [DETAILS]: elsewhere });
      expect(await failureOf(client().route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
    });
  });

  describe('unroute', () => {
    it('moves the number back to the location that it was in', async () => {
      fake.reset({ ...right, [DETAILS]: [there, there, elsewhere] });
      await client().unroute(NUMBER, FORMER, [TARGET]);
      expect(fake.last(`POST ${MOVES}`).body).toContain('<SiteId>479</SiteId><SipPeerId>500014</SipPeerId>');
    });

    it.each(['7309', '7312'])(
      'gives it to the default location where the former one is gone, which is error %s',
      async (code) => {
        const moved = details(NUMBER.phoneNumber, { site: SITE, peer: '1' });
        fake.reset({
          ...right,
          [DETAILS]: [there, there, there, moved],
          [`GET ${PEERS}`]: peers(peer('1', 'theirs', true)),
          [`POST ${MOVES}`]: [refusedOrder(code), received],
        });
        await client().unroute(NUMBER, FORMER, [TARGET]);
        expect(fake.last(`POST ${MOVES}`).body).toContain(`<SiteId>${SITE}</SiteId><SipPeerId>1</SipPeerId>`);
      },
    );

    it('does not give it elsewhere where the order is refused for another reason', async () => {
      fake.reset({ ...right, [DETAILS]: there, [`POST ${MOVES}`]: refusedOrder('7300') });
      expect(await failureOf(client().unroute(NUMBER, FORMER, [TARGET]))).toMatchObject({ vendorCode: '7300' });
      expect(fake.lines.filter((line) => line === `POST ${MOVES}`)).toHaveLength(1);
    });

    it('leaves a number that somebody has moved since', async () => {
      fake.reset({ ...right, [DETAILS]: details(NUMBER.phoneNumber, { peer: '9' }) });
      await client().unroute(NUMBER, FORMER, [TARGET]);
      expect(fake.lines).toEqual([DETAILS]);
    });

    it('gives a number that was nowhere else to the default location of the sub-account', async () => {
      const moved = details(NUMBER.phoneNumber, { site: SITE, peer: '1' });
      fake.reset({ ...right, [DETAILS]: [there, there, moved], [`GET ${PEERS}`]: peers(peer('1', 'theirs', true)) });
      await client().unroute(NUMBER, null, [TARGET]);
      expect(fake.last(`POST ${MOVES}`).body).toContain(`<SiteId>${SITE}</SiteId><SipPeerId>1</SipPeerId>`);
      fake.reset({ ...right, [DETAILS]: there, [`GET ${PEERS}`]: peers(peer(PEER, NAME, true)) });
      expect(await failureOf(client().unroute(NUMBER, null, [TARGET]))).toMatchObject({ kind: 'permanent' });
    });
  });
});
