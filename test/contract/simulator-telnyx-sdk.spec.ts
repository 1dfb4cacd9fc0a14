import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Telnyx } from 'telnyx';
import { TelnyxWebhook } from 'telnyx/lib/webhooks';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { DEMO_TELNYX, DEMO_TELNYX_SEED } from '../../src/simulator/telnyx/telnyx.demo';

const BIG = {
  account_sid: '0d57b5a2-3b1c-4d0f-9c39-0c0a0a7d7a11',
  api_key: 'KEYBIG',
  private_key: DEMO_TELNYX.private_key,
};
const NUMBER = '+13125550142';
const TRUNK = '1293384261075731499';
const PROFILE = '1293384261075731461';
const STREAM =
  '<Response><Connect><Stream url="wss://agent.example.com/media" bidirectionalMode="rtp">' +
  '<Parameter name="callToken" value="a&amp;b"/></Stream></Connect></Response>';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the SDK throws for an answer of 400 and above. */
interface Refusal {
  readonly status: number;
  readonly error: { readonly errors: readonly { readonly code: string; readonly source?: unknown }[] };
}

/** Stands for us: answers every document request alike and keeps what it was asked. */
class Customer {
  readonly received: Received[] = [];
  document = STREAM;
  private server: Server | undefined;

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        this.received.push({ method, path: url, headers, body });
        response.writeHead(200, { 'Content-Type': 'application/xml' }).end(this.document);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  forms(path: string): Record<string, string>[] {
    const asked = this.received.filter((request) => request.path.split('?')[0] === path);
    return asked.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  }
}

describe('the official Telnyx SDK on the simulator', () => {
  let simulator: Simulator;
  let customer: Customer;

  beforeEach(async () => {
    customer = new Customer();
    await customer.start();
    simulator = await startSimulator({ seed: { telnyx: DEMO_TELNYX_SEED } });
    await simulator.seed({ telnyx: { accounts: [{ ...BIG, generate: { first: '+14155550000', count: 501 } }] } });
  });

  afterEach(async () => {
    customer.stop();
    await simulator.close();
  });

  const clientOf = (apiKey: string, maxRetries = 0) =>
    new Telnyx({ apiKey, baseURL: `${simulator.vendorUrl('telnyx')}/v2`, maxRetries });
  const demo = () => clientOf(DEMO_TELNYX.api_key);
  const idOf = (e164: string) => simulator.telnyx.account(DEMO_TELNYX.account_sid)?.number(e164)?.id ?? '';

  const admin = async (path: string, body: object) => {
    const response = await fetch(`${simulator.url}/_sim/telnyx${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const refusalOf = async (attempt: Promise<unknown>): Promise<Refusal> => {
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Telnyx.APIError);
    return error as Refusal;
  };
  const codeOf = async (attempt: Promise<unknown>) => {
    const { status, error } = await refusalOf(attempt);
    return [status, error.errors[0]?.code];
  };

  async function application(more: object = {}) {
    const { data } = await demo().texmlApplications.create({
      friendly_name: 'patchbay-acc_01',
      voice_url: `${customer.url}/answer`,
      status_callback: `${customer.url}/status`,
      outbound: { outbound_voice_profile_id: PROFILE },
      ...more,
    });
    return data?.id ?? '';
  }

  const until = async (holds: () => boolean) => {
    const limit = Date.now() + 5_000;
    while (!holds()) {
      if (Date.now() > limit) throw new Error('it never came true');
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  describe('numbers', () => {
    it('reads the balance', async () => {
      expect((await demo().balance.retrieve()).data).toMatchObject({ record_type: 'balance', currency: 'USD' });
    });

    it('lists every number once over several pages', async () => {
      const numbers: string[] = [];
      for await (const { phone_number } of clientOf(BIG.api_key).phoneNumbers.list({ 'page[size]': 250 })) {
        numbers.push(phone_number);
      }
      expect(numbers).toHaveLength(501);
      expect(new Set(numbers).size).toBe(501);
      const { entries } = simulator.control.telnyx.requests.read();
      expect(entries.map(({ path }) => new URL(path, 'http://x').searchParams.get('page[number]'))).toEqual([
        null,
        '2',
        '3',
      ]);
    });

    it('cuts a page at 250 and says so', async () => {
      const page = await clientOf(BIG.api_key).phoneNumbers.list({ 'page[size]': 1000, 'page[number]': 3 });
      expect(page.data).toHaveLength(1);
      expect(page.meta).toEqual({ page_number: 3, page_size: 250, total_pages: 3, total_results: 501 });
    });

    it('finds numbers by part of their digits, and none by anything else', async () => {
      const found = async (phone_number: string) =>
        (await demo().phoneNumbers.list({ filter: { phone_number } })).data.map((number) => number.phone_number);
      expect(await found('13125550142')).toEqual([NUMBER]);
      expect(await found('131')).toEqual(['+13129457420', NUMBER]);
      expect(await found('+13125550142')).toEqual([]);
      expect(await found('13')).toEqual([]);
      expect(await found('14155550000')).toEqual([]);
    });

    it('filters by connection and sorts', async () => {
      const { data } = await demo().phoneNumbers.list({ filter: { connection_id: TRUNK } });
      expect(data.map((number) => number.phone_number)).toEqual(['+13129457420']);
      const sorted = await demo().phoneNumbers.list({ sort: 'phone_number' });
      expect(sorted.data.map((number) => number.phone_number).slice(0, 2)).toEqual(['+13125550142', '+13129457420']);
    });

    it('has ids that are digits beyond what a JavaScript number holds', async () => {
      const { data } = await demo().phoneNumbers.retrieve(idOf(NUMBER));
      expect(data?.id).toMatch(/^\d{19}$/);
      expect(BigInt(data?.id ?? '0') > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
      expect(data).toMatchObject({ record_type: 'phone_number', status: 'active', connection_id: null });
    });

    it('connects a number to an application and gives it back', async () => {
      const phone = demo().phoneNumbers;
      const id = idOf('+13129457420');
      const before = (await phone.retrieve(id)).data?.connection_id ?? '';
      expect(before).toBe(TRUNK);
      const made = await application();
      expect((await phone.update(id, { connection_id: made })).data).toMatchObject({
        connection_id: made,
        connection_name: 'patchbay-acc_01',
      });
      expect((await phone.retrieve(id)).data?.connection_id).toBe(made);
      expect((await phone.update(id, { connection_id: made })).data?.connection_id).toBe(made);
      await phone.update(id, { connection_id: before });
      expect((await phone.retrieve(id)).data?.connection_id).toBe(TRUNK);
    });

    it('disconnects a number by an empty text and changes nothing that is not sent', async () => {
      const id = idOf('+13129457420');
      await demo().phoneNumbers.update(id, { tags: ['a'], customer_reference: 'ref' });
      expect((await demo().phoneNumbers.retrieve(id)).data).toMatchObject({ connection_id: TRUNK, tags: ['a'] });
      await demo().phoneNumbers.update(id, { connection_id: '' });
      expect((await demo().phoneNumbers.retrieve(id)).data).toMatchObject({
        connection_id: null,
        tags: ['a'],
        customer_reference: 'ref',
      });
    });

    it('refuses a connection that does not exist, and null', async () => {
      const id = idOf(NUMBER);
      const { status, error } = await refusalOf(demo().phoneNumbers.update(id, { connection_id: '1' }));
      expect([status, error.errors[0]]).toMatchObject([422, { code: '10017', source: { pointer: '/connection_id' } }]);
      const body = { connection_id: null as unknown as string };
      expect(await codeOf(demo().phoneNumbers.update(id, body))).toEqual([422, '10015']);
    });

    it('reads and sets forwarding beside the connection', async () => {
      const voice = demo().phoneNumbers.voice;
      expect((await voice.retrieve(idOf('+442071838750'))).data?.call_forwarding).toEqual({
        call_forwarding_enabled: true,
        forwards_to: '+442071838751',
        forwarding_type: 'always',
      });
      const id = idOf(NUMBER);
      const sent = { forwards_to: '+13125550199', forwarding_type: 'always' as const };
      await voice.update(id, { call_forwarding: sent, translated_number: '77' });
      expect((await voice.retrieve(id)).data).toMatchObject({
        call_forwarding: { ...sent, call_forwarding_enabled: true },
        translated_number: '77',
        connection_id: null,
      });
    });

    it('tells which numbers are owned', async () => {
      const phone_numbers = [NUMBER, '+14155550000'];
      expect((await demo().phoneNumbers.actions.verifyOwnership({ phone_numbers })).data).toMatchObject({
        found: [{ id: idOf(NUMBER), number_val_e164: NUMBER }],
        not_found: ['+14155550000'],
      });
    });
  });

  describe('TeXML applications', () => {
    it('are made, listed, read, changed and deleted', async () => {
      const { texmlApplications } = demo();
      const id = await application();
      expect(id).toMatch(/^\d{19}$/);
      const read = (await texmlApplications.retrieve(id)).data;
      expect(read).toMatchObject({
        friendly_name: 'patchbay-acc_01',
        voice_method: 'post',
        status_callback_method: 'post',
        active: true,
        outbound: { outbound_voice_profile_id: PROFILE },
      });
      const found = await texmlApplications.list({ filter: { friendly_name: 'PATCHBAY' } });
      expect(found.data.map((one) => one.id)).toEqual([id]);
      const changes = { friendly_name: 'patchbay-acc_01', voice_url: `${customer.url}/other` };
      await texmlApplications.update(id, changes);
      expect((await texmlApplications.retrieve(id)).data).toMatchObject({
        ...changes,
        status_callback: `${customer.url}/status`,
        outbound: { outbound_voice_profile_id: PROFILE },
      });
      await texmlApplications.delete(id);
      expect(await codeOf(texmlApplications.retrieve(id))).toEqual([404, '10005']);
    });

    it.each([
      [{ friendly_name: '' }, '10004'],
      [{ voice_url: '' }, '10004'],
      [{ voice_url: 'agents.example.com' }, '10003'],
      [{ voice_url: `https://a.example.com/${'x'.repeat(2000)}` }, '10003'],
      [{ outbound: { outbound_voice_profile_id: '1' } }, '10017'],
      [{ voice_method: 'POST' as 'post' }, '10015'],
    ])('are refused where a member is missing or wrong (%#)', async (more, code) => {
      expect(await codeOf(application(more))).toEqual([422, code]);
    });

    it('need name and URL for every change', async () => {
      const id = await application();
      const body = { active: false } as unknown as Telnyx.TexmlApplicationUpdateParams;
      expect(await codeOf(demo().texmlApplications.update(id, body))).toEqual([422, '10004']);
    });

    it('take an outbound voice profile of the list', async () => {
      const { data } = await demo().outboundVoiceProfiles.list();
      expect(data.map(({ id, name, enabled }) => [id, name, enabled])).toEqual([[PROFILE, 'Default', true]]);
    });
  });

  describe('refusals', () => {
    it('401 with the text code 10009 for a wrong key', async () => {
      const { status, error } = await refusalOf(clientOf('KEYWRONG').balance.retrieve());
      expect(status).toBe(401);
      expect(error).toEqual({
        errors: [
          {
            code: '10009',
            title: 'Authentication failed',
            detail: 'The required authentication headers were either invalid or not included in the request.',
            meta: { url: 'https://developers.telnyx.com/docs/overview/errors/10009' },
          },
        ],
      });
    });

    it('404 for what is not there, also when another account owns it', async () => {
      const foreign = simulator.telnyx.account(BIG.account_sid)?.numbers()[0]?.id ?? '';
      for (const id of ['1', foreign]) {
        expect(await codeOf(demo().phoneNumbers.retrieve(id))).toEqual([404, '10005']);
        expect(await codeOf(demo().phoneNumbers.update(id, { connection_id: TRUNK }))).toEqual([404, '10005']);
      }
      expect(await codeOf(demo().get('/no_such_thing'))).toEqual([404, '10005']);
    });

    it.each([
      [429, '10011'],
      [500, '10007'],
      [503, '10007'],
    ])('%d in Telnyx’s words when it is injected', async (fail_status, code) => {
      simulator.control.telnyx.mode.set({ fail_status, fail_count: 1 });
      expect(await codeOf(demo().balance.retrieve())).toEqual([fail_status, code]);
    });

    it('the SDK’s own retries get over 429', async () => {
      simulator.control.telnyx.mode.set({ fail_status: 429, fail_count: 1, retry_after_s: 0 });
      const { data } = await clientOf(DEMO_TELNYX.api_key, 1).balance.retrieve();
      expect(data?.record_type).toBe('balance');
    });
  });

  describe('inbound calls', () => {
    async function routed(e164 = NUMBER, more: object = {}) {
      const id = await application(more);
      await demo().phoneNumbers.update(idOf(e164), { connection_id: id });
      return id;
    }
    const call = (to = NUMBER, more: object = {}) => admin('/call', { from: '+12025550100', to, ...more });

    it('ask the application’s URL by a form that the SDK’s verifier accepts', async () => {
      const id = await routed();
      const { body } = await call();
      expect(body).toMatchObject({
        direction: 'inbound',
        status: 'in_progress',
        understood: { action: 'stream', url: 'wss://agent.example.com/media', parameters: { callToken: 'a&b' } },
      });
      const [asked] = customer.received;
      expect(asked).toMatchObject({ method: 'POST', path: '/answer' });
      expect(asked?.headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(customer.forms('/answer')[0]).toMatchObject({
        AccountSid: DEMO_TELNYX.account_sid,
        CallSid: body.id,
        CallSidLegacy: body.id,
        ConnectionId: id,
        From: '+12025550100',
        To: NUMBER,
        Direction: 'inbound',
        CallStatus: 'ringing',
      });
      const headers = asked?.headers as Record<string, string>;
      const webhook = new TelnyxWebhook(DEMO_TELNYX.public_key);
      await expect(webhook.verify(asked?.body ?? '', headers)).resolves.toBeUndefined();
      await expect(webhook.verify(`${asked?.body}x`, headers)).rejects.toThrow('does not match');
      const late = { ...headers, 'telnyx-timestamp': String(Number(headers['telnyx-timestamp']) + 1) };
      await expect(webhook.verify(asked?.body ?? '', late)).rejects.toThrow('does not match');
    });

    it('tell the application’s status URL how they go, signed as well', async () => {
      await routed();
      await call(NUMBER, { end: { status: 'completed', duration_s: 45 } });
      const told = customer.forms('/status');
      expect(told.map(({ CallStatus, SequenceNumber }) => [CallStatus, SequenceNumber])).toEqual([
        ['in-progress', '2'],
        ['completed', '3'],
      ]);
      expect(told[1]).toMatchObject({
        CallbackSource: 'call-progress-events',
        CallDuration: '45',
        HangupCause: 'normal_clearing',
      });
      const webhook = new TelnyxWebhook(DEMO_TELNYX.public_key);
      for (const { body, headers } of customer.received) {
        await expect(webhook.verify(body, headers as Record<string, string>)).resolves.toBeUndefined();
      }
    });

    it('come as a query where the application says so', async () => {
      await routed(NUMBER, { voice_method: 'get' });
      await call();
      const [asked] = customer.received;
      expect(asked?.method).toBe('GET');
      expect(new URL(asked?.path ?? '', customer.url).searchParams.get('CallStatus')).toBe('ringing');
    });

    it.each([
      ['<Response><Reject reason="busy"/></Response>', { status: 'busy', understood: { action: 'reject' } }],
      ['<Response><Say language="en-GB">Hi</Say></Response>', { status: 'completed', understood: { action: 'say' } }],
      ['<Response><Hangup/></Response>', { status: 'completed', understood: { action: 'hangup' } }],
      ['<Response><Bogus/></Response>', { status: 'failed', understood: { action: 'invalid' } }],
    ])('follow %s', async (document, expected) => {
      await routed();
      customer.document = document;
      expect((await call()).body).toMatchObject(expected);
    });

    it('never reach the application of a forwarded number', async () => {
      await routed('+442071838750');
      expect((await call('+442071838750')).body).toMatchObject({ status: 'failed', understood: null });
      expect(customer.received).toEqual([]);
    });

    it('never reach the application of a number that is not active', async () => {
      const numbers = [{ phone_number: '+13125550777', status: 'port-pending' as const }];
      const { account_sid, api_key, private_key } = DEMO_TELNYX;
      const account = { account_sid, api_key, private_key };
      await simulator.seed({ telnyx: { accounts: [{ ...account, numbers }] } });
      await routed('+13125550777');
      expect((await call('+13125550777')).body).toMatchObject({ status: 'failed', understood: null });
      expect(customer.received).toEqual([]);
    });

    it('never reach an application that is switched off', async () => {
      await routed(NUMBER, { active: false });
      expect((await call()).body).toMatchObject({ status: 'failed' });
      expect(customer.received).toEqual([]);
    });

    it('show a translated number in place of the one that was called', async () => {
      await routed('+61255501234');
      await call('+61255501234');
      expect(customer.forms('/answer')[0]).toMatchObject({ To: '1234' });
    });

    it('are refused for a number that nobody holds', async () => {
      expect((await call('+12025550199')).status).toBe(400);
    });
  });

  describe('outbound calls', () => {
    const USER_SID = 'f5586561-8ff0-4291-a51b-c7dfe4139ff9';
    const CALL = { From: NUMBER, To: '+12025550100' };

    it('are placed on the application, ask for their document and tell their events', async () => {
      const id = await application();
      const body = {
        ...CALL,
        Url: `${customer.url}/outbound`,
        UrlMethod: 'POST',
        StatusCallback: `${customer.url}/events`,
        StatusCallbackEvent: 'initiated ringing answered completed',
        Timeout: 30,
      };
      const placed = await demo().texml.calls.create(id, body);
      expect(placed).toMatchObject({ from: NUMBER, to: '+12025550100', status: 'queued' });
      await until(() => customer.forms('/outbound').length === 1);
      expect(customer.forms('/outbound')[0]).toMatchObject({ CallSid: placed.call_sid, CallStatus: 'in-progress' });

      const { calls } = demo().texml.accounts;
      const account_sid = DEMO_TELNYX.account_sid;
      expect(await calls.retrieve(placed.call_sid, { account_sid })).toMatchObject({ status: 'in-progress' });
      await calls.update(placed.call_sid, { account_sid, Status: 'completed' });
      await until(() => customer.forms('/events').length === 3);
      expect(customer.forms('/events').map(({ CallStatus }) => CallStatus)).toEqual([
        'ringing',
        'in-progress',
        'completed',
      ]);
      expect(await calls.retrieve(placed.call_sid, { account_sid })).toMatchObject({
        sid: placed.call_sid,
        status: 'completed',
        direction: 'outbound',
      });
      const again = calls.update(placed.call_sid, { account_sid, Status: 'completed' });
      expect(await codeOf(again)).toEqual([422, '90018']);
      expect(customer.forms('/status')).toEqual([]);
    });

    it('are listed, the newest first, page by page, by numbers, status and day', async () => {
      const id = await application();
      const sids: string[] = [];
      for (let index = 0; index < 3; index += 1) {
        sids.push((await demo().texml.calls.create(id, CALL)).call_sid ?? '');
      }
      await until(() => customer.forms('/answer').length === 3);
      const { account_sid } = DEMO_TELNYX;
      const list = (filter: object = {}) => demo().texml.accounts.calls.retrieveCalls(account_sid, filter);
      const first = await list({ To: CALL.To, PageSize: 2 });
      expect(first).toMatchObject({ page: 0, page_size: 2, start: 0, end: 1 });
      expect(first.calls).toMatchObject([
        { sid: sids[2], from: NUMBER, to: CALL.To, direction: 'outbound', status: 'in-progress', account_sid },
        { sid: sids[1] },
      ]);
      const next = new URL(first.next_page_uri ?? '', 'https://api.telnyx.com');
      expect(next.pathname).toBe(`/v2/texml/Accounts/${account_sid}/Calls.json`);
      const rest = { PageToken: next.searchParams.get('PageToken'), Page: next.searchParams.get('Page') };
      const second = await list({ To: CALL.To, PageSize: 2, ...rest });
      expect(second).toMatchObject({ calls: [{ sid: sids[0] }], page: 1, next_page_uri: null });

      const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
      const count = async (filter: object) => (await list(filter)).calls?.length;
      expect(await count({ From: NUMBER, To: CALL.To, StartTime_gt: day(-1), StartTime_lt: day(1) })).toBe(3);
      expect(await count({ StartTime: day(0) })).toBe(3);
      const none = [
        { From: CALL.To },
        { To: NUMBER },
        { Status: 'completed' },
        { StartTime_gt: day(1) },
        { StartTime_lt: day(-1) },
        { EndTime_gt: day(-1) },
      ];
      for (const filter of none) expect([filter, await count(filter)]).toEqual([filter, 0]);
      expect(await codeOf(list({ StartTime: 'today' }))).toEqual([422, '10015']);
      expect(await codeOf(demo().texml.accounts.calls.retrieveCalls(USER_SID))).toEqual([404, '10005']);
    });

    it('belong to the organization that the key names', async () => {
      const self = await demo().get<{ data: object }>('/whoami');
      expect(self.data).toMatchObject({ organization_id: DEMO_TELNYX.account_sid });
    });

    it('are not named by the answer of the account’s route, as documented', async () => {
      const ApplicationSid = await application();
      const body = { ...CALL, ApplicationSid, Url: `${customer.url}/outbound` };
      const answer = await demo().texml.accounts.calls.calls(DEMO_TELNYX.account_sid, { body });
      expect(answer).toEqual({ from: NUMBER, to: '+12025550100', status: 'queued' });
      await until(() => customer.forms('/outbound').length === 1);
    });

    it('use URL and callbacks of the application where they name none', async () => {
      await demo().texml.calls.create(await application(), CALL);
      await until(() => customer.forms('/answer').length === 1);
      expect(customer.forms('/status').map(({ CallStatus }) => CallStatus)).toEqual(['ringing', 'in-progress']);
    });

    it('end as the admin route has said', async () => {
      await fetch(`${simulator.url}/_sim/telnyx/outcome`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: CALL.To, status: 'no_answer' }),
      });
      await demo().texml.calls.create(await application(), CALL);
      await until(() => customer.forms('/status').length === 2);
      expect(customer.forms('/status')[1]).toMatchObject({ CallStatus: 'no-answer', HangupCause: 'no_answer' });
      expect(customer.forms('/answer')).toEqual([]);
    });

    it('are ended by Call Control as well', async () => {
      const { call_sid } = await demo().texml.calls.create(await application(), CALL);
      await until(() => customer.forms('/answer').length === 1);
      const { calls } = demo();
      expect((await calls.retrieveStatus(call_sid)).data).toMatchObject({ call_control_id: call_sid, is_alive: true });
      expect((await calls.actions.hangup(call_sid, {})).data).toEqual({ result: 'ok' });
      expect((await calls.retrieveStatus(call_sid)).data?.is_alive).toBe(false);
      expect(await codeOf(calls.actions.hangup(call_sid, {}))).toEqual([422, '90018']);
      expect(await codeOf(calls.actions.hangup('v3:none', {}))).toEqual([422, '90015']);
    });

    it.each([
      [{ From: '' }, 422, '10004'],
      [{ To: '12025550100' }, 422, '10016'],
      [{ From: '+14155550000' }, 422, '10002'],
      [{ Timeout: 4 }, 422, '10015'],
      [{ Timeout: 121 }, 422, '10015'],
      [{ StatusCallback: 'https://a.example.com', StatusCallbackEvent: 'in-progress' }, 422, '10015'],
      [{ Url: 'nowhere' }, 422, '10003'],
    ])('are refused for %j', async (more, status, code) => {
      const id = await application();
      expect(await codeOf(demo().texml.calls.create(id, { ...CALL, ...more }))).toEqual([status, code]);
    });

    it('need an outbound voice profile, and an application of the account', async () => {
      const id = await application({ outbound: undefined });
      expect(await codeOf(demo().texml.calls.create(id, CALL))).toEqual([403, '10010']);
      expect(await codeOf(demo().texml.calls.create(TRUNK, CALL))).toEqual([404, '10005']);
    });
  });
});
