import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { TwilioVendor } from './twilio.vendor';

const ACCOUNT = `AC${'0'.repeat(32)}`;
const TOKEN = 'f'.repeat(32);
const CALLER = '+14158675309';
const NUMBER = '+15105647903';
const T0 = Date.UTC(2026, 10, 24, 9, 5, 0);
const SAY = '<Response><Say>Hello</Say></Response>';
const STREAM = '<Response><Connect><Stream url="wss://a.example/s"/></Connect></Response>';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly fields: Record<string, string>;
  readonly signature: string | undefined;
}

describe('calls of TwilioVendor', () => {
  let server: Server;
  let us: string;
  let asked: Asked[];
  let documents: Record<string, string>;
  let now: number;
  let twilio: TwilioVendor;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', us);
        asked.push({
          method: request.method ?? '',
          path: url.pathname,
          fields: Object.fromEntries(new URLSearchParams(request.method === 'GET' ? url.search : body)),
          signature: request.headers['x-twilio-signature'] as string | undefined,
        });
        const document = documents[url.pathname];
        response.writeHead(document === undefined ? 500 : 200, { 'content-type': 'text/xml' }).end(document);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    us = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    asked = [];
    documents = { '/voice': STREAM, '/status': '' };
    now = T0;
    twilio = new TwilioVendor({ now: () => now });
  });

  function own(number: Record<string, string>): void {
    twilio.seed({
      accounts: [{ sid: ACCOUNT, auth_token: TOKEN, numbers: [{ phone_number: NUMBER, ...number }] }],
    });
  }

  const receive = () => twilio.calls.receive(CALLER, NUMBER);
  const toldOf = (path: string) => asked.filter((each) => each.path === path).map(({ fields }) => fields);

  /** The last thing that happens in a call is that its end is told. */
  async function ended(id: string): Promise<void> {
    for (let turn = 0; turn < 5000; turn += 1) {
      const call = twilio.calls.find(id);
      const isTold = call?.exchanges.some(({ call_status: status }) => status === call.status);
      if (call?.ended_at && isTold) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`the call ${id} did not end`);
  }

  describe('from outside', () => {
    it('asks the voice URL as Twilio does', async () => {
      own({ voice_url: `${us}/voice` });
      const call = await receive();
      expect(call).toMatchObject({ status: 'in_progress', understood: { action: 'stream', url: 'wss://a.example/s' } });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toMatchObject({ method: 'POST', path: '/voice' });
      expect(asked[0]?.fields).toMatchObject({
        AccountSid: ACCOUNT,
        ApiVersion: '2010-04-01',
        CallSid: call.id,
        CallStatus: 'ringing',
        Called: NUMBER,
        Caller: CALLER,
        Direction: 'inbound',
        From: CALLER,
        FromCity: '',
        To: NUMBER,
      });
      expect(call.id).toMatch(/^CA[0-9a-f]{32}$/);
    });

    it('asks by GET where the number says so', async () => {
      own({ voice_url: `${us}/voice?ours=1`, voice_method: 'GET' });
      await receive();
      expect(asked[0]).toMatchObject({ method: 'GET', path: '/voice' });
      expect(asked[0]?.fields).toMatchObject({ ours: '1', From: CALLER, CallStatus: 'ringing' });
    });

    it("tells the number's status callback of the end alone, with times and seconds", async () => {
      own({ voice_url: `${us}/voice`, status_callback: `${us}/status` });
      const call = await receive();
      expect(toldOf('/status')).toEqual([]);
      now = T0 + 61_000;
      await twilio.calls.end(call.id, { status: 'completed' });
      expect(toldOf('/status')).toMatchObject([
        {
          CallSid: call.id,
          CallStatus: 'completed',
          CallbackSource: 'call-progress-events',
          SequenceNumber: '0',
          CallDuration: '61',
          Duration: '2',
          Direction: 'inbound',
          Timestamp: 'Tue, 24 Nov 2026 09:06:01 +0000',
        },
      ]);
    });

    it.each([
      ['busy', 'busy'],
      ['rejected', 'no-answer'],
    ])('ends a call that is rejected as %s with %s', async (reason, word) => {
      documents['/voice'] = `<Response><Reject reason="${reason}"/></Response>`;
      own({ voice_url: `${us}/voice`, status_callback: `${us}/status` });
      await receive();
      expect(toldOf('/status')).toMatchObject([{ CallStatus: word, CallDuration: '0' }]);
    });

    it('asks the fallback URL where the first gives no document, in the same call', async () => {
      delete documents['/voice'];
      documents['/fallback'] = SAY;
      own({
        voice_url: `${us}/voice`,
        voice_fallback_url: `${us}/fallback`,
        voice_fallback_method: 'GET',
        status_callback: `${us}/status`,
      });
      const call = await receive();
      expect(call).toMatchObject({ status: 'completed', understood: { action: 'say', text: 'Hello' } });
      expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'POST /voice',
        'GET /fallback',
        'POST /status',
      ]);
      expect(new Set(asked.map(({ fields }) => fields.CallSid))).toEqual(new Set([call.id]));
      expect(toldOf('/fallback')).toMatchObject([
        { CallStatus: 'ringing', ErrorCode: '11200', ErrorUrl: `${us}/voice` },
      ]);
      expect(toldOf('/status')).toMatchObject([{ CallStatus: 'completed' }]);
      expect(twilio.calls.list()).toEqual([call]);
      expect(call.exchanges.map(({ purpose }) => purpose)).toEqual(['document', 'document', 'status']);
    });

    it('asks the fallback URL where the document is none, and fails where that is none either', async () => {
      documents['/voice'] = '<Response><Foo/></Response>';
      own({ voice_url: `${us}/voice`, voice_fallback_url: `${us}/nowhere`, status_callback: `${us}/status` });
      const call = await receive();
      expect(call.status).toBe('failed');
      expect(toldOf('/nowhere')).toMatchObject([{ ErrorCode: '12200' }]);
      expect(toldOf('/status')).toMatchObject([{ CallStatus: 'failed' }]);
    });

    it('does not ask the fallback URL where all is well', async () => {
      own({ voice_url: `${us}/voice`, voice_fallback_url: `${us}/fallback` });
      await receive();
      expect(asked.map(({ path }) => path)).toEqual(['/voice']);
    });

    it.each<Record<string, string>>([
      { trunk_sid: `TK${'a'.repeat(32)}` },
      { voice_application_sid: `AP${'a'.repeat(32)}` },
      { voice_receive_mode: 'fax' },
      { voice_url: '' },
    ])('asks nothing where the number has %j', async (override) => {
      own({
        voice_url: `${us}/voice`,
        voice_fallback_url: `${us}/fallback`,
        status_callback: `${us}/status`,
        ...override,
      });
      expect(await receive()).toMatchObject({ status: 'failed', understood: null, exchanges: [] });
      expect(asked).toEqual([]);
    });

    it('reaches only numbers that somebody holds', async () => {
      own({});
      await expect(twilio.calls.receive(CALLER, '+15105647904')).rejects.toThrow('no Twilio account holds');
    });
  });

  describe('placed', () => {
    const place = (events = 'initiated,ringing,answered,completed', more: Record<string, string> = {}) =>
      twilio.calls.place({
        id: `CA${'1'.repeat(32)}`,
        account: ACCOUNT,
        from: NUMBER,
        to: '+14155551212',
        details: {
          answer_url: `${us}/voice`,
          answer_method: 'POST',
          status_url: `${us}/status`,
          status_method: 'POST',
          status_events: events,
          ...more,
        },
      });

    beforeEach(() => own({}));

    it('tells of every event that was asked for, in the order of its numbers', async () => {
      documents['/voice'] = SAY;
      await ended(place().id);
      const told = toldOf('/status').sort((one, other) => Number(one.SequenceNumber) - Number(other.SequenceNumber));
      expect(told.map(({ CallStatus: word }) => word)).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
      expect(told.map(({ SequenceNumber: number }) => number)).toEqual(['0', '1', '2', '3']);
      expect(told[3]).toMatchObject({ Direction: 'outbound-api', CallDuration: '0', SipResponseCode: '200' });
      expect(told[2]).not.toHaveProperty('CallDuration');
      expect(toldOf('/voice')).toMatchObject([{ CallStatus: 'in-progress', Direction: 'outbound-api' }]);
    });

    it('tells of no other event', async () => {
      documents['/voice'] = SAY;
      await ended(place('completed').id);
      expect(toldOf('/status')).toMatchObject([{ CallStatus: 'completed', SequenceNumber: '0' }]);
    });

    it.each([
      ['busy', 'busy', '486'],
      ['no_answer', 'no-answer', '487'],
    ] as const)('asks no document where the callee is %s', async (outcome, word, code) => {
      twilio.calls.setOutcome('+14155551212', outcome);
      await ended(place('completed').id);
      expect(asked.map(({ path }) => path)).toEqual(['/status']);
      expect(toldOf('/status')).toMatchObject([{ CallStatus: word, CallDuration: '0', SipResponseCode: code }]);
    });
  });
});
