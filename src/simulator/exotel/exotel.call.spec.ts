import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { SimCall } from '../core/call';
import { Simulator, startSimulator } from '../simulator';
import { DEMO_EXOTEL, DEMO_EXOTEL_SEED } from './exotel.demo';

const BASIC = `Basic ${Buffer.from(`${DEMO_EXOTEL.api_key}:${DEMO_EXOTEL.api_token}`).toString('base64')}`;
const CALLS = `/v1/Accounts/${DEMO_EXOTEL.sid}/Calls`;
const FLOW = `https://my.mum1.exotel.com/${DEMO_EXOTEL.sid}/exoml/start_voice/45195`;
const NUMBER = '+918047281001';
const CALLER = '+919812345678';
/** 14 March 2026, 09:26:53.500 UTC, which is 14:56:53 in India. */
const NOW = Date.UTC(2026, 2, 14, 9, 26, 53, 500);

interface Heard {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

describe('calls of Exotel on the simulator', () => {
  let simulator: Simulator;
  let us: Server;
  let ours: string;
  let heard: Heard[];
  let answer: { status: number; type: string; body: string };
  let now: number;

  beforeAll(async () => {
    us = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        heard.push({
          method: request.method ?? '',
          url: new URL(request.url ?? '/', ours),
          body,
          headers: request.headers,
        });
        response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => us.listen(0, '127.0.0.1', resolve));
    ours = `http://127.0.0.1:${(us.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    us.closeAllConnections();
    us.close();
  });

  const post = async (url: string, body: unknown) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as SimCall };
  };
  const admin = (path: string, body: unknown) => post(`${simulator.url}/_sim/exotel${path}`, body);
  const exotel = async (method: string, path: string, form?: [string, string][]) => {
    const response = await fetch(simulator.vendorUrl('exotel') + path, {
      method,
      headers: { authorization: BASIC },
      body: form && new URLSearchParams(form),
    });
    const text = await response.text();
    return { status: response.status, text };
  };
  const connect = async (form: Record<string, string>, more: [string, string][] = []) => {
    const { status, text } = await exotel('POST', `${CALLS}/connect.json`, [...Object.entries(form), ...more]);
    return {
      status,
      body: JSON.parse(text) as { Call: Record<string, string>; RestException: Record<string, unknown> },
    };
  };
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
  };
  const posted = () =>
    heard.filter(({ method }) => method === 'POST').map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

  beforeEach(async () => {
    now = NOW;
    heard = [];
    answer = { status: 200, type: 'application/json', body: '{"url":"wss://agent.example.com/media?call=c1"}' };
    simulator = await startSimulator({ seed: { exotel: DEMO_EXOTEL_SEED }, now: () => now });
    const number = simulator.exotel.account(DEMO_EXOTEL.sid)?.number(NUMBER);
    if (number) number.voice_url = FLOW;
    await admin('/flow', { app_id: '45195', dynamic_url: `${ours}/in?k=1`, status_callback: `${ours}/in/status` });
  });
  afterEach(() => simulator.close());

  describe('that come in', () => {
    it('ask the dynamic URL with the fields of an applet, and stream to what it names', async () => {
      const { body: call } = await admin('/call', { from: CALLER, to: NUMBER });
      expect(call).toMatchObject({
        status: 'in_progress',
        understood: {
          action: 'stream',
          url: 'wss://agent.example.com/media?call=c1',
          parameters: { call: 'c1' },
        },
      });
      expect(heard).toHaveLength(1);
      expect(heard[0]?.method).toBe('GET');
      expect(Object.fromEntries(heard[0]?.url.searchParams ?? [])).toEqual({
        k: '1',
        CallSid: call.id,
        CallFrom: '09812345678',
        CallTo: '08047281001',
        CallStatus: 'ringing',
        Direction: 'incoming',
        ForwardedFrom: '',
        Created: 'Sat, 14 Mar 2026 14:56:53',
        DialCallDuration: '0',
        StartTime: '2026-03-14 14:56:53',
        EndTime: '1970-01-01 05:30:00',
        CallType: 'call-attempt',
        DialWhomNumber: '',
        flow_id: '45195',
        tenant_id: '39',
        From: '09812345678',
        To: '08047281001',
        CurrentTime: '2026-03-14 14:56:53',
      });
      expect(call.id).toMatch(/^[0-9a-f]{32}$/);
    });

    it('tell of their end with a form', async () => {
      const { body: call } = await admin('/call', { from: CALLER, to: NUMBER });
      now += 60_000;
      await admin(`/calls/${call.id}/end`, { status: 'completed', duration_s: 42 });
      expect(heard[1]).toMatchObject({
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(heard[1]?.url.pathname).toBe('/in/status');
      expect(posted()).toEqual([
        {
          CallSid: call.id,
          DateUpdated: '2026-03-14 14:57:53',
          Status: 'completed',
          RecordingUrl: '',
          EventType: 'terminal',
          DateCreated: '2026-03-14 14:56:53',
          To: '08047281001',
          From: '09812345678',
          PhoneNumberSid: '08047281001',
          StartTime: '2026-03-14 14:56:53',
          EndTime: '2026-03-14 14:57:35',
          ConversationDuration: '42',
          Direction: 'inbound',
          CustomField: '',
          'Legs[0][OnCallDuration]': '42',
          'Legs[0][Status]': 'completed',
        },
      ]);
    });

    it('send a user and password of the URL by HTTP Basic', async () => {
      await admin('/flow', { app_id: '45195', dynamic_url: ours.replace('//', '//user:pass%21@') });
      await admin('/call', { from: CALLER, to: NUMBER });
      expect(heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:pass!').toString('base64')}`);
    });

    it('keep the foreign caller in E.164', async () => {
      await admin('/call', { from: '+6531581234', to: NUMBER });
      expect(heard[0]?.url.searchParams.get('CallFrom')).toBe('+6531581234');
    });

    it('need nobody to be asked where the flow names the WebSocket itself', async () => {
      await admin('/flow', { app_id: '45195', dynamic_url: 'wss://static.example.com/?a=1' });
      const { body: call } = await admin('/call', { from: CALLER, to: NUMBER });
      expect(call.understood).toMatchObject({ action: 'stream', parameters: { a: '1' } });
      expect(heard).toEqual([]);
    });

    it('fail without a flow, without a URL, and after an answer that is none', async () => {
      expect((await admin('/call', { from: CALLER, to: '+912247281004' })).body.status).toBe('failed');
      answer = { status: 200, type: 'application/xml', body: '<Response/>' };
      const { body: call } = await admin('/call', { from: CALLER, to: NUMBER });
      expect(call).toMatchObject({ status: 'failed', understood: { action: 'invalid' } });
      expect(posted().at(-1)).toMatchObject({ Status: 'failed', EventType: 'terminal' });
      expect((await admin('/call', { from: CALLER, to: '+918099999999' })).status).toBe(400);
    });
  });

  describe('that are placed', () => {
    const stream = {
      From: CALLER,
      CallerId: '08047281001',
      StreamUrl: 'wss://agent.example.com/out?sample-rate=16000&call=c2',
      StreamType: 'bidirectional',
    };

    it('stream straight to the URL that was given, and tell what was asked for', async () => {
      const { status, body } = await connect(
        { ...stream, StatusCallback: `${ours}/s`, CustomField: 'call_1', TimeLimit: '60' },
        [
          ['StatusCallbackEvents[]', 'answered'],
          ['StatusCallbackEvents[]', 'terminal'],
        ],
      );
      expect(status).toBe(200);
      expect(body.Call).toMatchObject({
        Sid: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        Status: 'in-progress',
        From: '09812345678',
        To: '08047281001',
        PhoneNumberSid: '08047281001',
        Direction: 'outbound-api',
        DateCreated: '2026-03-14 14:56:53',
        AccountSid: DEMO_EXOTEL.sid,
        RecordingUrl: null,
      });
      const sid = body.Call.Sid ?? '';
      await until(() => simulator.exotel.calls.find(sid)?.understood != null);
      expect(simulator.exotel.calls.find(sid)).toMatchObject({
        from: NUMBER,
        to: CALLER,
        status: 'in_progress',
        understood: { action: 'stream', url: stream.StreamUrl, parameters: { call: 'c2' } },
      });
      await admin(`/calls/${sid}/end`, { duration_s: 7 });
      expect(posted()).toMatchObject([
        {
          CallSid: sid,
          EventType: 'answered',
          Status: 'in-progress',
          CustomField: 'call_1',
          Direction: 'outbound-api',
        },
        { CallSid: sid, EventType: 'terminal', Status: 'completed', ConversationDuration: '7' },
      ]);
      const read = JSON.parse((await exotel('GET', `${CALLS}/${sid}.json?details=true`)).text) as unknown;
      expect(read).toMatchObject({
        Call: { Sid: sid, Status: 'completed', Duration: '7', Details: { ConversationDuration: 7 } },
      });
      expect((await exotel('GET', `${CALLS}/${sid}`)).text).toContain(`<TwilioResponse><Call><Sid>${sid}</Sid>`);
    });

    it.each([
      ['busy', 'busy'],
      ['no_answer', 'no-answer'],
      ['failed', 'failed'],
    ])('and end %s tell %s, and without events nothing else', async (outcome, word) => {
      await fetch(`${simulator.url}/_sim/exotel/outcome`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to: CALLER, status: outcome }),
      });
      const { body } = await connect({ ...stream, StatusCallback: `${ours}/s` });
      await until(() => heard.length > 0);
      expect(posted()).toEqual([
        { CallSid: body.Call.Sid, DateUpdated: '2026-03-14 14:56:53', Status: word, RecordingUrl: '' },
      ]);
    });

    it('go through a flow', async () => {
      const { body } = await connect({
        From: '9812345678',
        CallerId: NUMBER,
        Url: FLOW,
        CallType: 'trans',
        CustomField: 'x',
      });
      await until(() => heard.length > 0);
      expect(Object.fromEntries(heard[0]?.url.searchParams ?? [])).toMatchObject({
        CallSid: body.Call.Sid,
        CallFrom: '09812345678',
        CallTo: '08047281001',
        Direction: 'outbound-dial',
        CustomField: 'x',
      });
    });

    it.each<[string, Record<string, string | undefined>]>([
      ['no number', { From: undefined }],
      ['a bad number', { From: '12' }],
      ['no caller id', { CallerId: undefined }],
      ['a caller id of somebody', { CallerId: '08099999999' }],
      ['no stream and no flow', { StreamUrl: undefined }],
      ['both', { Url: FLOW }],
      ['a flow with a stream type', { StreamUrl: undefined, Url: FLOW }],
      ['a URL of our own', { StreamUrl: undefined, StreamType: undefined, Url: 'https://voice.example.com/' }],
      ['one way', { StreamType: 'unidirectional' }],
      ['no stream type', { StreamType: undefined }],
      ['no WebSocket', { StreamUrl: 'https://agent.example.com/' }],
      ['600 characters', { StreamUrl: `wss://agent.example.com/${'x'.repeat(576)}` }],
      ['four parameters', { StreamUrl: 'wss://a.example.com/?a=1&b=2&c=3&d=4' }],
      ['a long custom field', { CustomField: 'x'.repeat(129) }],
      ['a long limit', { TimeLimit: '14401' }],
      ['a fractional ring', { TimeOut: '1.5' }],
      ['a callback that is no URL', { StatusCallback: 'here' }],
      ['an unknown event', { 'StatusCallbackEvents[0]': 'started' }],
      ['two phones', { To: '09812345679' }],
    ])('are refused with %s', async (_what, change) => {
      const form = Object.entries({ ...stream, ...change }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      );
      const { status, body } = await connect(Object.fromEntries(form));
      expect(status).toBe(400);
      expect(body.RestException).toMatchObject({ Status: 400, Code: 34001 });
      expect(simulator.exotel.calls.list()).toEqual([]);
    });
  });
});
