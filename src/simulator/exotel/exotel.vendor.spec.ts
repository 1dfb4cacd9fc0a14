import { Simulator, startSimulator } from '../simulator';
import { DEMO_EXOTEL, DEMO_EXOTEL_SEED } from './exotel.demo';

const BASIC = `Basic ${Buffer.from(`${DEMO_EXOTEL.api_key}:${DEMO_EXOTEL.api_token}`).toString('base64')}`;
const NUMBERS = `/v2_beta/Accounts/${DEMO_EXOTEL.sid}/IncomingPhoneNumbers`;
const CALLS = `/v1/Accounts/${DEMO_EXOTEL.sid}/Calls`;
const FLOW = `https://my.mum1.exotel.com/${DEMO_EXOTEL.sid}/exoml/start_voice/45195`;
const FORMER = `https://my.mum1.exotel.com/${DEMO_EXOTEL.sid}/exoml/start_voice/338415`;
const SALES = `${NUMBERS}/08047281001`;

describe('Exotel on the simulator', () => {
  let simulator: Simulator;

  const exotel = async (method: string, path: string, form?: Record<string, string>, authorization = BASIC) => {
    const response = await fetch(simulator.vendorUrl('exotel') + path, {
      method,
      headers: { authorization },
      body: form && new URLSearchParams(form),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, text, body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown> };
  };
  const admin = async (path: string, body: unknown) => {
    const response = await fetch(`${simulator.url}/_sim/exotel${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const page = async (query: string) => {
    const { body } = await exotel('GET', `${NUMBERS}?${query}`);
    return body as { incoming_phone_numbers: Record<string, unknown>[] } & Record<string, unknown>;
  };

  beforeEach(async () => (simulator = await startSimulator({ seed: { exotel: DEMO_EXOTEL_SEED } })));
  afterEach(() => simulator.close());

  describe('credentials', () => {
    it.each([
      ['Basic eDp5', 401],
      ['', 401],
      ['Bearer x', 401],
    ])('refuses %j with %i', async (authorization, status) => {
      const answer = await exotel('GET', NUMBERS, undefined, authorization);
      expect(answer).toMatchObject({
        status,
        body: { RestException: { Status: 401, Message: 'Authentication failed' } },
      });
    });

    it('knows only its own account', async () => {
      const answer = await exotel('GET', NUMBERS.replace(DEMO_EXOTEL.sid, 'other1'));
      expect(answer).toMatchObject({ status: 404, body: { RestException: { Status: 404 } } });
    });

    it('answers what it does not know in its own words, as XML below v1 unless JSON is asked for', async () => {
      expect(await exotel('GET', '/v2_beta/Accounts/x/Nothing')).toMatchObject({
        status: 404,
        body: { RestException: { Status: 404, Message: 'Resource Not Found' } },
      });
      const { text } = await exotel('GET', `${CALLS}/nobody`);
      expect(text).toContain('<TwilioResponse><RestException><Status>404</Status>');
      expect((await exotel('GET', `${CALLS}/nobody.json`)).body).toMatchObject({ RestException: { Status: 404 } });
    });
  });

  describe('numbers', () => {
    it('are listed in both notations', async () => {
      const answer = await page('');
      expect(
        answer.incoming_phone_numbers.map((number) => [number.sid, number.phone_number, number.voice_url]),
      ).toEqual([
        ['08047281001', '08047281001', FORMER],
        [expect.stringMatching(/^[0-9a-f]{32}$/), '+918047281002', FORMER],
        ['01147281003', '01147281003', ''],
        [expect.stringMatching(/^[0-9a-f]{32}$/), '+912247281004', ''],
      ]);
      expect(answer).toMatchObject({ page: 0, page_size: 50, next_page_uri: null, previous_page_uri: null });
    });

    it('come in pages counted from 0, with links to a host inside Exotel', async () => {
      const first = await page('Page=0&PageSize=3');
      expect(first.incoming_phone_numbers).toHaveLength(3);
      expect(first.next_page_uri).toBe(`https://twilix.exotel.com${NUMBERS}?Page=1&PageSize=3`);
      const second = await page('Page=1&PageSize=3');
      expect(second.incoming_phone_numbers.map(({ phone_number }) => phone_number)).toEqual(['+912247281004']);
      expect(second).toMatchObject({ page: 1, next_page_uri: null });
      expect((await page('Page=9')).incoming_phone_numbers).toEqual([]);
      expect(await page('PageSize=1000')).toMatchObject({ page_size: 100 });
    });

    it('are not filtered', async () => {
      expect((await page('PhoneNumber=%2B918047281002')).incoming_phone_numbers).toHaveLength(4);
    });

    it('are read one by one', async () => {
      expect((await exotel('GET', SALES)).body).toEqual({
        sid: '08047281001',
        phone_number: '08047281001',
        friendly_name: 'Sales',
        capabilities: { voice: true, sms: true },
        country: 'IN',
        region: 'KA',
        voice_url: FORMER,
        sms_url: null,
      });
      expect((await exotel('GET', `${NUMBERS}/nobody`)).status).toBe(404);
    });

    it('are put into a flow, shown at the host of the region whatever host was sent', async () => {
      const sent = `http://my.exotel.com/${DEMO_EXOTEL.sid}/exoml/start_voice/45195`;
      expect(await exotel('PUT', SALES, { VoiceUrl: sent })).toMatchObject({
        status: 200,
        body: { voice_url: FLOW, friendly_name: 'Sales' },
      });
      expect((await exotel('GET', SALES)).body.voice_url).toBe(FLOW);
    });

    it.each([
      'https://voice.example.com/inbound',
      `http://my.exotel.com/${DEMO_EXOTEL.sid}/exoml/start_voice/99999`,
      'http://my.exotel.com/other1/exoml/start_voice/45195',
      `http://my.exotel.com/exoml/start/45195`,
    ])('are not put into %s', async (VoiceUrl) => {
      expect(await exotel('PUT', SALES, { VoiceUrl, FriendlyName: 'x' })).toMatchObject({
        status: 400,
        body: { RestException: { Status: 400, Code: 34001 } },
      });
      expect((await exotel('GET', SALES)).body).toMatchObject({ voice_url: FORMER, friendly_name: 'Sales' });
    });

    it('keep what is not sent', async () => {
      expect((await exotel('PUT', SALES, {})).body).toMatchObject({ voice_url: FORMER });
      expect((await exotel('PUT', SALES, { FriendlyName: 'New', SMSUrl: 'https://s' })).body).toMatchObject({
        voice_url: FORMER,
        friendly_name: 'New',
        sms_url: 'https://s',
      });
      expect((await exotel('PUT', SALES, { VoiceUrl: '' })).body).toMatchObject({
        voice_url: '',
        friendly_name: 'New',
      });
    });

    it('are many at once, and belong to one account', async () => {
      const more = { sid: 'acme1', api_key: 'k', api_token: 't', generate: { first: '+918047290000', count: 250 } };
      await simulator.seed({ exotel: { accounts: [more] } });
      expect(simulator.exotel.account('acme1')?.numbers()).toHaveLength(250);
      const thief = { ...more, sid: 'acme2', generate: undefined, numbers: ['+918047290001'] };
      await expect(simulator.seed({ exotel: { accounts: [thief] } })).rejects.toThrow('+918047290001');
    });
  });

  describe('flows', () => {
    it('are set as the customer does, and show in the state', async () => {
      const dynamicUrl = 'https://voice.example.com/inbound/exotel/key';
      expect(
        await admin('/flow', { app_id: '45195', dynamic_url: dynamicUrl, status_callback: `${dynamicUrl}/status` }),
      ).toEqual({
        status: 200,
        body: {
          account: DEMO_EXOTEL.sid,
          app_id: '45195',
          dynamic_url: dynamicUrl,
          status_callback: `${dynamicUrl}/status`,
          url: FLOW,
        },
      });
      expect((await admin('/flow', { app_id: '45195', dynamic_url: 'https://x.example.com/' })).body).toMatchObject({
        dynamic_url: 'https://x.example.com/',
        status_callback: `${dynamicUrl}/status`,
      });
      await exotel('PUT', SALES, { VoiceUrl: FLOW });
      const numbers = simulator.exotel.overview().accounts[0]?.numbers;
      expect(numbers?.map(({ route }) => (route as { kind: string; app_id?: string }).app_id ?? 'none')).toEqual([
        '45195',
        '338415',
        'none',
        'none',
      ]);
    });

    it('are made in an account that is named', async () => {
      expect((await admin('/flow', { app_id: '7' })).status).toBe(400);
      expect((await admin('/flow', { account: 'nobody', app_id: '7' })).status).toBe(400);
      expect((await admin('/flow', { account: DEMO_EXOTEL.sid, app_id: '7' })).status).toBe(200);
    });

    it('outlive a restart, with what was routed to them', async () => {
      await admin('/flow', { app_id: '45195', dynamic_url: 'https://x.example.com/' });
      await exotel('PUT', SALES, { VoiceUrl: FLOW });
      const saved = simulator.exotel.parseSeed(JSON.parse(JSON.stringify(simulator.exotel.snapshot())));
      const other = await startSimulator({ seed: { exotel: saved } });
      expect(other.exotel.overview()).toEqual(simulator.exotel.overview());
      await other.close();
    });
  });
});
