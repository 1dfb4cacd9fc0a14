import { DEMO_BANDWIDTH, DEMO_BANDWIDTH_LEGACY } from './bandwidth.demo';
import { BandwidthFixture } from './bandwidth.fixture';

const ID = DEMO_BANDWIDTH.account_id;
const LEGACY = DEMO_BANDWIDTH_LEGACY.account_id;
const FORMER = '04e88489-df02-4e34-a0ee-27a91849555f';
const PACKAGE = '1f0d9f0e-6b7c-4f2a-9d1e-0a3b5c7d9e01';

describe('Bandwidth on the simulator', () => {
  let fixture: BandwidthFixture;
  let now: number;

  beforeEach(async () => {
    now = 1_700_000_000_000;
    fixture = await BandwidthFixture.start(() => now);
  });

  afterEach(() => fixture.close());

  const send: BandwidthFixture['send'] = (...request) => fixture.send(...request);
  const legacy = (method: string, path: string, body?: unknown) => send(method, path, body, DEMO_BANDWIDTH_LEGACY);
  const target = (number: string, account: string = ID) =>
    fixture.simulator.bandwidth.account(account)?.voiceTarget(number);
  const errorOf = ({ status, body }: Awaited<ReturnType<typeof send>>, root: string) => ({
    status,
    ...(body[root]?.ResponseStatus as object),
  });

  describe('credentials', () => {
    const token = (authorization: string, form = 'grant_type=client_credentials') =>
      fetch(`${fixture.simulator.vendorUrl('bandwidth')}/api/v1/oauth2/token`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      });
    const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const client = () => basic(DEMO_BANDWIDTH.client_id, DEMO_BANDWIDTH.client_secret);

    it('are exchanged for a token of an hour, good for every API', async () => {
      const issued = (await (await token(client())).json()) as Record<string, string>;
      expect(issued).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
      const bearer = `Bearer ${issued.access_token}`;
      const paths = [
        `/api/v2/tns?page=1&size=1`,
        `/api/v2/accounts/${ID}/statistics`,
        `/v2/accounts/${ID}/phoneNumbers/voice`,
      ];
      for (const path of paths) expect((await fixture.sendAs(bearer, 'GET', path)).status).toBe(200);
      now += 3_599_000;
      expect((await fixture.sendAs(bearer, 'GET', paths[0] ?? '')).status).toBe(200);
      now += 1000;
      expect(await fixture.sendAs(bearer, 'GET', paths[0] ?? '')).toMatchObject({ status: 401, text: '' });
      const forged = bearer.slice(0, -1) + (bearer.endsWith('A') ? 'B' : 'A');
      expect((await fixture.sendAs(forged, 'GET', paths[0] ?? '')).status).toBe(401);
    });

    it('are refused when they are wrong, and are no API user', async () => {
      expect((await token(basic(DEMO_BANDWIDTH.client_id, 'wrong'))).status).toBe(401);
      expect((await token(client(), 'grant_type=password')).status).toBe(400);
      expect((await fixture.sendAs(client(), 'GET', '/api/v2/tns?page=1&size=1')).status).toBe(401);
      expect((await fixture.sendAs('', 'GET', '/api/v2/tns?page=1&size=1')).status).toBe(401);
    });

    it('without the right are a 403 with an empty body', async () => {
      await fixture.simulator.seed({
        bandwidth: {
          accounts: [
            {
              account_id: '5',
              kind: 'legacy',
              client_id: 'c',
              client_secret: 's',
              username: 'u',
              password: 'p',
              roles: ['voice'],
            },
          ],
        },
      });
      const poor = basic('u', 'p');
      expect(await fixture.sendAs(poor, 'GET', '/api/v2/tns?accountId=5&page=1&size=1')).toMatchObject({
        status: 403,
        text: '',
      });
      expect((await fixture.sendAs(poor, 'GET', '/api/v2/accounts/5/statistics')).status).toBe(200);
    });

    it('of another account do not open its resources', async () => {
      expect((await send('GET', `/api/v2/accounts/${LEGACY}/applications`)).status).toBe(403);
      expect((await send('GET', `/v2/accounts/${LEGACY}/voiceConfigurationPackages`)).status).toBe(403);
      expect((await send('GET', `/api/v2/accounts/${LEGACY}/statistics`)).status).toBe(401);
    });
  });

  describe('tns', () => {
    const list = async (query: string, path = '/api/v2/tns') => {
      const { status, body } = await send('GET', `${path}?${query}`);
      const root = body.TelephoneNumbersResponse;
      const rows = [root?.TelephoneNumbers?.TelephoneNumber ?? []].flat() as unknown as Record<string, string>[];
      return { status, root, rows, numbers: rows.map(({ FullNumber }) => FullNumber) };
    };

    it('writes E.164 in version 2 and ten digits before', async () => {
      const query = `accountId=${ID}&status=Inservice&page=1&size=2500`;
      expect((await list(query)).rows[0]).toMatchObject({
        FullNumber: '+19195551201',
        Status: 'Inservice',
        AccountId: ID,
      });
      for (const path of ['/api/tns', '/api/v1/tns']) expect((await list(query, path)).numbers[0]).toBe('9195551201');
    });

    it('wants page and size, up to 2500', async () => {
      for (const [query, code, description] of [
        ['size=1', '1003', 'page is required'],
        ['page=1', '1003', 'size is required'],
        ['page=1&size=2501', '1006', expect.any(String) as string],
        ['page=1&size=x', '1006', expect.any(String) as string],
      ] as const) {
        expect(errorOf(await send('GET', `/api/v2/tns?${query}`), 'TelephoneNumbersResponse')).toEqual({
          status: 400,
          ErrorCode: code,
          Description: description,
        });
      }
    });

    it('is not scoped to an account, unless it is asked to be', async () => {
      const all = await list('page=1&size=100');
      expect(all.rows.map(({ AccountId }) => AccountId)).toEqual([ID, ID, ID, ID, ID, LEGACY, LEGACY]);
      expect((await list(`accountId=${LEGACY}&page=1&size=100`)).numbers).toEqual(['+19195551301', '+19195551302']);
    });

    it('filters by status and by number', async () => {
      expect((await list(`accountId=${ID}&status=Aging,InAccount&page=1&size=9`)).numbers).toEqual(['+19195551205']);
      for (const given of ['9195551202', '%2B19195551202', '+19195551202']) {
        expect((await list(`fullNumber=${given}&page=1&size=9`)).numbers).toEqual(['+19195551202']);
      }
      expect((await list('fullNumber=919555120&page=1&size=9')).numbers).toEqual([]);
    });

    it('pages by ordinal and by the number that a page begins with', async () => {
      const query = `accountId=${ID}&status=Inservice&size=3`;
      const first = await list(`${query}&page=1`);
      expect(first.numbers).toEqual(['+19195551201', '+19195551202', '+19195551203']);
      expect(String(first.root?.TelephoneNumberCount)).toBe('4');
      expect(String(first.root?.Links?.next)).toBe(
        `Link=<https://dashboard.bandwidth.com:443/api/v2/tns?accountId=${ID}&status=Inservice&size=3&page=%2B19195551204>;rel="next";`,
      );
      for (const page of ['2', '%2B19195551204', '9195551204']) {
        const last = await list(`${query}&page=${page}`);
        expect(last.numbers).toEqual(['+19195551204']);
        expect(last.root?.Links).not.toHaveProperty('next');
      }
      expect((await list(`${query}&page=3`)).numbers).toEqual([]);
    });

    it('shows the details of anybody’s number, and whose it is', async () => {
      const { body } = await send('GET', '/api/v2/tns/+19195551302/tndetails');
      expect(body.TelephoneNumberResponse?.TelephoneNumberDetails).toMatchObject({
        FullNumber: '+19195551302',
        Status: 'Inservice',
        AccountId: LEGACY,
        Site: { Id: '743', Name: 'Former site' },
        SipPeer: { PeerId: '303717', PeerName: 'Former SIP' },
      });
      expect((await send('GET', '/api/tns/9195551302/sippeers')).body).toEqual({
        SipPeer: { Id: '303717', Name: 'Former SIP' },
      });
      expect((await send('GET', '/api/v2/tns/%2B19195551302/sites')).body).toEqual({
        Site: { Id: '743', Name: 'Former site' },
      });
      expect(errorOf(await send('GET', '/api/tns/123456789/tndetails'), 'TelephoneNumberResponse')).toEqual({
        status: 400,
        ErrorCode: '12512',
        Description: "Telephone number '123456789' is not valid",
      });
      expect((await send('GET', '/api/tns/2025550100/tndetails')).status).toBe(404);
    });

    it('in service: 200 without a body for the account’s own, else 404', async () => {
      const look = async (tn: string) => {
        const { status, text } = await send('GET', `/api/v2/accounts/${ID}/inserviceNumbers/${tn}`);
        return [status, text];
      };
      expect(await look('%2B19195551201')).toEqual([200, '']);
      expect(await look('9195551201')).toEqual([200, '']);
      for (const tn of ['9195551205', '9195551301', '2025550100', 'x']) expect(await look(tn)).toEqual([404, '']);
      const { body } = await send('GET', `/api/accounts/${ID}/inserviceNumbers?page=1&size=2`);
      expect(body.TNs).toMatchObject({
        TotalCount: '4',
        TelephoneNumbers: { Count: '2', TelephoneNumber: ['9195551201', '9195551202'] },
      });
    });
  });

  describe('applications', () => {
    const path = `/api/v2/accounts/${ID}/applications`;
    const application = (fields: string, type = 'Voice-V2', name = 'Ours') =>
      `<?xml version="1.0" encoding="UTF-8"?><Application><ServiceType>${type}</ServiceType><AppName>${name}</AppName>${fields}</Application>`;
    const URLS =
      '<CallInitiatedCallbackUrl>https://us.example.com/in?a=1&amp;b=2</CallInitiatedCallbackUrl><CallStatusCallbackUrl>https://us.example.com/status</CallStatusCallbackUrl>';
    const CREDS = '<CallbackCreds><UserId>us</UserId><Password>secret</Password></CallbackCreds>';
    const made = async (fields = URLS + CREDS) => {
      const { status, body } = await send('POST', path, application(fields));
      expect(status).toBe(201);
      return String(body.ApplicationProvisioningResponse?.Application?.ApplicationId);
    };
    const read = async (id: string) =>
      (await send('GET', `${path}/${id}`)).body.ApplicationProvisioningResponse?.Application;

    it('are made, even twice under one name, and listed with those for messages, never with a password', async () => {
      const [one, two] = [await made(), await made()];
      expect(one).not.toBe(two);
      const { text, body } = await send('GET', path);
      expect(text).not.toContain('secret');
      expect(text).not.toContain('<Password>');
      expect(body.ApplicationProvisioningResponse?.ApplicationList?.Application).toMatchObject([
        { ApplicationId: FORMER, AppName: 'Former application' },
        { ServiceType: 'Messaging-V2', AppName: 'Messages' },
        { ApplicationId: one, AppName: 'Ours', CallInitiatedCallbackUrl: 'https://us.example.com/in?a=1&b=2' },
        { ApplicationId: two, CallbackCreds: { UserId: 'us' } },
      ]);
    });

    it('are replaced by PUT: what is left out is gone', async () => {
      const id = await made();
      await send('PUT', `${path}/${id}`, application(URLS.slice(0, URLS.indexOf('<CallStatusCallbackUrl>'))));
      const after = await read(id);
      expect(after).not.toHaveProperty('CallStatusCallbackUrl');
      expect(after).not.toHaveProperty('CallbackCreds');
    });

    it('are changed by PATCH: what is left out stays, and "remove" clears the status URL', async () => {
      const id = await made();
      await send('PATCH', `${path}/${id}`, '<Application><AppName>Renamed</AppName></Application>');
      expect(await read(id)).toMatchObject({
        AppName: 'Renamed',
        CallStatusCallbackUrl: 'https://us.example.com/status',
        CallbackCreds: { UserId: 'us' },
      });
      const remove = '<Application><CallStatusCallbackUrl>remove</CallStatusCallbackUrl></Application>';
      // Not even for this may it be no URL at a PUT.
      expect((await send('PUT', `${path}/${id}`, remove)).status).toBe(400);
      expect((await send('PATCH', `${path}/${id}`, remove)).status).toBe(200);
      expect(await read(id)).not.toHaveProperty('CallStatusCallbackUrl');
    });

    it.each([
      ['no XML', 'x'],
      ['another root', '<App/>'],
      ['no URL', application('')],
      ['a URL that is none', application('<CallInitiatedCallbackUrl>us.example.com</CallInitiatedCallbackUrl>')],
      ['no such type', application(URLS, 'Fax')],
      ['a method that is none', application(`${URLS}<CallInitiatedMethod>PUT</CallInitiatedMethod>`)],
    ])('are refused: %s', async (_what, body) => {
      expect((await send('POST', path, body)).status).toBe(400);
      expect(fixture.simulator.bandwidth.account(ID)?.applications).toHaveLength(2);
    });

    it('are not there: 404 with 13629', async () => {
      for (const method of ['GET', 'DELETE']) {
        expect(errorOf(await send(method, `${path}/non_existing`), 'ApplicationProvisioningResponse')).toEqual({
          status: 404,
          ErrorCode: '13629',
          Description: "Application with id 'non_existing' not found",
        });
      }
    });

    it('are not deleted while something refers to them', async () => {
      expect((await send('DELETE', `${path}/${FORMER}`)).status).toBe(409);
      const id = await made();
      expect(await send('DELETE', `${path}/${id}`)).toMatchObject({ status: 200, text: '' });
      expect((await send('GET', `${path}/${id}`)).status).toBe(404);
    });

    it('for voice need the feature', async () => {
      await fixture.simulator.seed({
        bandwidth: {
          accounts: [
            {
              account_id: '6',
              kind: 'legacy',
              client_id: 'c6',
              client_secret: 's',
              username: 'u6',
              password: 'p',
              http_voice: false,
            },
          ],
        },
      });
      const authorization = `Basic ${Buffer.from('u6:p').toString('base64')}`;
      const refused = await fixture.sendAs(authorization, 'POST', '/api/v2/accounts/6/applications', application(URLS));
      expect(refused).toMatchObject({ status: 409 });
      expect(refused.text).toContain('HTTP voice feature is required');
    });
  });

  describe('sites and SIP peers', () => {
    const sites = `/api/v2/accounts/${LEGACY}/sites`;
    const settings = (peer: string) => `${sites}/743/sippeers/${peer}/products/origination/settings`;
    const http = (id: string) =>
      `<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings><HttpVoiceV2AppId>${id}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>`;

    it('are listed', async () => {
      expect((await legacy('GET', sites)).body).toEqual({
        SitesResponse: { Sites: { Site: { Id: '743', Name: 'Former site', Description: 'As it was' } } },
      });
      expect((await legacy('GET', `${sites}/743/sippeers`)).body.TNSipPeersResponse?.SipPeers?.SipPeer).toMatchObject([
        { PeerId: '303716', PeerName: 'Former HTTP', IsDefaultPeer: 'true' },
        { PeerId: '303717', PeerName: 'Former SIP', IsDefaultPeer: 'false' },
      ]);
      expect((await legacy('GET', `${sites}/1/sippeers`)).status).toBe(404);
    });

    it('are made: a site with an address, a peer answered by its location alone', async () => {
      expect((await legacy('POST', sites, '<Site><Name>New</Name></Site>')).text).toContain('Address is required');
      const site = await legacy('POST', sites, '<Site><Name>New</Name><Address><City>CARY</City></Address></Site>');
      expect(site.status).toBe(201);
      const id = String(site.body.SiteResponse?.Site?.Id);
      expect(id).toMatch(/^\d+$/);
      const made = await legacy('POST', `${sites}/${id}/sippeers`, '<SipPeer><PeerName>ours</PeerName></SipPeer>');
      expect(made).toMatchObject({ status: 201, text: '' });
      const peer = made.location?.split('/').at(-1) ?? '';
      expect((await legacy('GET', `${sites}/${id}/sippeers/${peer}`)).body.SipPeerResponse?.SipPeer).toMatchObject({
        PeerId: peer,
        PeerName: 'ours',
        IsDefaultPeer: 'true',
      });
    });

    it('lead to an application once they speak HTTP, which forgets their SIP hosts for good', async () => {
      expect(target('+19195551302', LEGACY)).toMatchObject({ kind: 'sip' });
      expect((await legacy('GET', settings('303717'))).body).toEqual({
        SipPeerOriginationSettingsResponse: { SipPeerOriginationSettings: { VoiceProtocol: 'SIP' } },
      });
      expect(await legacy('PUT', settings('303717'), http(FORMER))).toMatchObject({ status: 200, text: '' });
      expect(target('+19195551302', LEGACY)).toMatchObject({ kind: 'application', application_id: FORMER });
      const back = '<SipPeerOriginationSettings><VoiceProtocol>SIP</VoiceProtocol></SipPeerOriginationSettings>';
      expect((await legacy('POST', settings('303717'), back)).status).toBe(201);
      expect(target('+19195551302', LEGACY)).toMatchObject({ kind: 'none' });
    });

    it('refuse an application that is not there, and a peer that is not there', async () => {
      expect((await legacy('PUT', settings('303717'), http('nobody'))).status).toBe(400);
      expect(errorOf(await legacy('GET', settings('9')), 'SipPeerResponse')).toEqual({
        status: 400,
        ErrorCode: '13563',
        Description: `Sip Peer '9' account '${LEGACY}' and site '743' does not exist`,
      });
      expect(target('+19195551302', LEGACY)).toMatchObject({ kind: 'sip' });
    });
  });

  describe('moveTns', () => {
    const path = `/api/v2/accounts/${LEGACY}/moveTns`;
    const order = (site: string, peer: string, ...numbers: string[]) =>
      `<MoveTnsOrder><CustomerOrderId>ours</CustomerOrderId><SiteId>${site}</SiteId><SipPeerId>${peer}</SipPeerId><TelephoneNumbers>${numbers.map((n) => `<TelephoneNumber>${n}</TelephoneNumber>`).join('')}</TelephoneNumbers></MoveTnsOrder>`;
    const placed = async (...numbers: string[]) => {
      const { status, body } = await legacy('POST', path, order('743', '303717', ...numbers));
      expect(status).toBe(201);
      return body.MoveTnsOrderResponse?.MoveTnsOrder;
    };
    const read = async (id: unknown) => (await legacy('GET', `${path}/${String(id)}`)).body.MoveTnsOrder;

    it('receives an order, processes it for as many polls as it was told, and then the numbers have moved', async () => {
      const polls = await fetch(`${fixture.simulator.url}/_sim/bandwidth/order-polls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"polls":2}',
      });
      expect(polls.status).toBe(204);
      const received = await placed('+19195551301');
      expect(received).toMatchObject({
        ProcessingStatus: 'RECEIVED',
        CustomerOrderId: 'ours',
        SiteId: '743',
        SipPeerId: '303717',
        TelephoneNumbers: { TelephoneNumber: '+19195551301' },
      });
      for (let poll = 0; poll < 2; poll += 1) {
        expect(await read(received?.OrderId)).toMatchObject({ ProcessingStatus: 'PROCESSING' });
        expect(target('+19195551301', LEGACY)).toMatchObject({ kind: 'application' });
      }
      expect(await read(received?.OrderId)).toMatchObject({ ProcessingStatus: 'COMPLETE' });
      expect(target('+19195551301', LEGACY)).toEqual({ kind: 'sip', via: 'sippeer 303717' });
      expect((await legacy('GET', '/api/v2/tns/+19195551301/sippeers')).body.SipPeer?.Id).toBe('303717');
    });

    it('carries an order out in time even when nobody asks', async () => {
      await placed('9195551301');
      now += 30_000;
      expect((await legacy('GET', '/api/v2/tns/+19195551301/sippeers')).body.SipPeer?.Id).toBe('303717');
    });

    it.each([
      ['PARTIAL', ['9195551301', '9195551201'], '+19195551301'],
      ['FAILED', ['9195551201'], ''],
    ])('ends %s when numbers are not the account’s', async (status, numbers, moved) => {
      const { OrderId } = (await placed(...numbers)) ?? {};
      await read(OrderId);
      const ended = await read(OrderId);
      expect(ended).toMatchObject({
        ProcessingStatus: status,
        TelephoneNumbers: moved === '' ? '' : { TelephoneNumber: moved },
        Errors: {
          Error: {
            Code: '7518',
            Description: 'Telephone Number Not Active.',
            TelephoneNumbers: { TelephoneNumber: '+19195551201' },
          },
        },
      });
      expect(target('+19195551201')).toMatchObject({ kind: 'application' });
    });

    it.each([
      ['no site', order('', '303717', '9195551301'), [7309, 7312]],
      ['another site', order('1', '303717', '9195551301'), [7309, 7312]],
      ['another peer', order('743', '1', '9195551301'), [7312]],
    ])('refuses %s at once', async (_what, body, codes) => {
      const { status, body: answer } = await legacy('POST', path, body);
      const errors = [answer.MoveTnsOrderResponse?.Errors ?? []].flat() as unknown as { Code: string }[];
      expect([status, ...errors.map(({ Code }) => Number(Code))]).toEqual([400, ...codes]);
      expect(String(answer.MoveTnsOrderResponse?.ProcessingStatus)).toBe('FAILED');
    });

    it('refuses an order of nothing, and knows no other', async () => {
      expect((await legacy('POST', path, order('743', '303717'))).status).toBe(400);
      expect((await legacy('POST', path, order('743', '303717', 'x'))).status).toBe(400);
      expect((await legacy('GET', `${path}/nothing`)).status).toBe(404);
    });

    it('is remembered in the state while it is under way', async () => {
      const { OrderId } = (await placed('9195551301')) ?? {};
      const vendor = fixture.simulator.bandwidth;
      const saved: unknown = JSON.parse(JSON.stringify(vendor.snapshot()));
      expect(vendor.parseSeed(saved).accounts?.[1]?.orders).toMatchObject([{ id: OrderId, result: null }]);
    });
  });

  describe('voice configuration packages', () => {
    const path = `/v2/accounts/${ID}/voiceConfigurationPackages`;

    it('do not exist at legacy accounts', async () => {
      const at = `/v2/accounts/${LEGACY}`;
      expect((await legacy('GET', `${at}/voiceConfigurationPackages`)).status).toBe(403);
      expect((await legacy('GET', `${at}/phoneNumbers/voice`)).status).toBe(403);
    });

    it('are made, changed and listed', async () => {
      const made = await send('POST', path, { name: 'Ours', httpVoiceV2ApplicationId: FORMER });
      expect(made).toMatchObject({ status: 201, body: { data: { name: 'Ours', httpVoiceV2ApplicationId: FORMER } } });
      const id = String(made.body.data?.voiceConfigurationPackageId);
      const patched = await send('PATCH', `${path}/${id}`, { description: 'For agents' });
      expect(patched.body.data).toMatchObject({ description: 'For agents', httpVoiceV2ApplicationId: FORMER });
      expect((await send('GET', path)).body.data).toMatchObject([
        { voiceConfigurationPackageId: PACKAGE },
        { name: 'PBX', httpVoiceV2ApplicationId: null },
        { voiceConfigurationPackageId: id },
      ]);
      for (const bad of [{}, { name: '' }, { name: 'x', httpVoiceV2ApplicationId: 'nobody' }]) {
        expect((await send('POST', path, bad)).status).toBe(400);
      }
      expect(await send('DELETE', `${path}/${id}`)).toMatchObject({ status: 204, text: '' });
      expect((await send('GET', `${path}/${id}`)).status).toBe(404);
      expect((await send('DELETE', `${path}/${PACKAGE}`)).status).toBe(409);
    });

    it('take numbers by an upsert that answers nothing', async () => {
      const add = (...phoneNumbers: string[]) =>
        send('POST', `${path}/${PACKAGE}/phoneNumbers/bulk`, { action: 'ADD', phoneNumbers });
      expect(target('+19195551202')).toMatchObject({ kind: 'sip' });
      for (let time = 0; time < 2; time += 1) {
        expect(await add('+19195551202', '+19195551204')).toMatchObject({ status: 204, text: '' });
      }
      expect(target('+19195551202')).toMatchObject({ kind: 'application', url: 'https://former.example.com/voice' });
      for (const foreign of ['+19195551301', '+19195551205', '9195551201']) {
        expect((await add('+19195551204', foreign)).status).toBe(400);
      }
    });

    it('show their numbers page by page, with no filter by number', async () => {
      const all = `/v2/accounts/${ID}/phoneNumbers/voice`;
      const first = await send('GET', `${all}?limit=3&phoneNumber=%2B19195551204`);
      expect(first.body.data).toMatchObject([
        { phoneNumber: '+19195551201', voiceConfigurationPackageId: PACKAGE, inboundActivated: true },
        { phoneNumber: '+19195551202' },
        { phoneNumber: '+19195551203', inboundActivated: false },
      ]);
      const second = await send('GET', `${all}?limit=3&afterCursor=${String(first.body.page?.afterCursor)}`);
      expect(second.body).toMatchObject({
        data: [{ phoneNumber: '+19195551204', voiceConfigurationPackageId: null }],
        page: { afterCursor: null },
      });
      const ours = await send('GET', `${all}?voiceConfigurationPackageId=${PACKAGE}`);
      expect(ours.body.data).toMatchObject([{ phoneNumber: '+19195551201' }, { phoneNumber: '+19195551203' }]);
      expect((await send('GET', `${all}?limit=1001`)).status).toBe(400);
    });

    it('let no call in until the inbound service is active, by an order', async () => {
      const at = `/api/v2/accounts/${ID}/serviceActivation`;
      expect(target('+19195551203')).toMatchObject({ kind: 'none' });
      const body = { action: 'ACTIVATE', phoneNumbers: ['+19195551203'], services: { voice: ['INBOUND'] } };
      const received = await send('POST', at, body);
      expect(received).toMatchObject({ status: 201, body: { data: { orderStatus: 'RECEIVED' } } });
      const poll = async () =>
        String((await send('GET', `${at}/${String(received.body.data?.orderId)}`)).body.data?.orderStatus);
      expect([await poll(), await poll()]).toEqual(['PROCESSING', 'COMPLETE']);
      expect(target('+19195551203')).toMatchObject({ kind: 'application' });
      expect((await send('POST', at, { ...body, services: {} })).status).toBe(400);
      expect((await send('POST', at, { ...body, phoneNumbers: ['+19195551301'] })).status).toBe(400);
    });
  });

  it('writes its state so that it reads it back', () => {
    const vendor = fixture.simulator.bandwidth;
    const saved: unknown = JSON.parse(JSON.stringify(vendor.snapshot()));
    expect(JSON.parse(JSON.stringify(vendor.parseSeed(saved)))).toEqual(saved);
  });

  it('refuses a number that another account owns', async () => {
    const account = { account_id: '7', kind: 'legacy', client_id: 'c', client_secret: 's' } as const;
    await expect(
      fixture.simulator.seed({ bandwidth: { accounts: [{ ...account, numbers: ['+19195551301'] }] } }),
    ).rejects.toThrow(LEGACY);
    await fixture.simulator.seed({
      bandwidth: { accounts: [{ ...account, generate: { first: '+19195550000', count: 1200 } }] },
    });
    expect(fixture.simulator.bandwidth.account('7')?.numbers()).toHaveLength(1200);
  });

  it.each([
    ['nothing to lead to', '+19195551204', null],
    ['SIP', '+19195551202', null],
  ])('a call to a number with %s ends without a request', async (_what, to, understood) => {
    const call = await fixture.simulator.bandwidth.calls.receive('+12025550100', to);
    expect(call).toMatchObject({ status: 'failed', understood, exchanges: [] });
  });

  it('knows no call to a number that is not in service', async () => {
    const { calls } = fixture.simulator.bandwidth;
    await expect(calls.receive('+12025550100', '+19195551205')).rejects.toThrow('+19195551205');
  });
});
