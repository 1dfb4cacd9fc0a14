import type { WebhookRequest } from '../../contract/webhook';
import { ExotelCredentials } from './exotel.credentials';
import { exotelWebhook } from './exotel.webhook';

const ANSWER = 'https://voice.example.com/inbound/exotel/key';
const STATUS = `${ANSWER}/status`;
const NONE = { country: null };
const UNTIMED = { occurredAt: null, answeredAt: null, endedAt: null };

const get = (url: string, query: Record<string, string>): WebhookRequest => ({
  method: 'GET',
  url: `${url}?${new URLSearchParams(query).toString()}`,
  headers: {},
  rawBody: Buffer.alloc(0),
});
const post = (url: string, contentType: string, body: string): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': contentType },
  rawBody: Buffer.from(body),
});
const json = (body: object) => post(STATUS, 'application/json', JSON.stringify(body));

describe('exotelWebhook.verify', () => {
  it('believes who knows the URL, since Exotel signs nothing', () => {
    const context = { credentials: new ExotelCredentials(), shared: null, nowMs: 0 };
    expect(exotelWebhook.verify(get(ANSWER, {}), context)).toEqual({ kind: 'authentic', replayId: null });
  });
});

describe('exotelWebhook.parse', () => {
  // The parameters of https://docs.exotel.com/voice-apis/programmable-connect-working-with-connect-applet-dynamic-url
  const ASKED = {
    CallSid: 'bdafe129cd8b02424b76989012151a9g',
    CallFrom: '09876543210',
    CallTo: '01139585476',
    Direction: 'incoming',
    Created: '2024-01-15 14:25:10',
    DialCallDuration: '0',
    StartTime: '2024-01-15 14:25:10',
    EndTime: '1970-01-01 05:30:00',
    CallType: 'call-attempt',
    RecordingUrl: 'null',
    flow_id: '926',
    tenant_id: '1',
  };

  it('asks what is to become of a call, its numbers in national form read as Indian ones', () => {
    expect(exotelWebhook.parse(get(ANSWER, ASKED), NONE)).toEqual({
      kind: 'call',
      providerCallIds: ['bdafe129cd8b02424b76989012151a9g'],
      direction: 'inbound',
      from: '+919876543210',
      to: '+911139585476',
    });
  });

  it('reads national numbers as those of the country of the account', () => {
    const asked = { ...ASKED, CallFrom: '91234567', CallTo: '+6561234567' };
    expect(exotelWebhook.parse(get(ANSWER, asked), { country: 'SG' })).toMatchObject({
      from: '+6591234567',
      to: '+6561234567',
    });
  });

  it('takes the question of an applet that is posted', () => {
    const form = new URLSearchParams(ASKED).toString();
    expect(exotelWebhook.parse(post(ANSWER, 'application/x-www-form-urlencoded', form), NONE)).toMatchObject({
      kind: 'call',
      from: '+919876543210',
    });
  });

  it('turns the parties of a call placed through the flow round', () => {
    const asked = { ...ASKED, Direction: 'outbound-api', From: '+919876543210', To: '01139585476' };
    expect(exotelWebhook.parse(get(ANSWER, asked), NONE)).toMatchObject({
      kind: 'call',
      direction: 'outbound',
      from: '+911139585476',
      to: '+919876543210',
    });
  });

  // https://developer.exotel.com/docs/voice-v1/api-reference/status-callback
  const TERMINAL = {
    CallSid: '80bfbec2d78bbbf10fb851f4fa165211',
    DateUpdated: '2024-01-15 14:30:45',
    Status: 'completed',
    RecordingUrl: 'https://s3-ap-southeast-1.amazonaws.com/...',
    EventType: 'terminal',
    DateCreated: '2024-01-15 14:25:10',
    To: '09123456789',
    From: '09876543210',
    PhoneNumberSid: '0XXXXXX4890',
    StartTime: '2024-01-15 14:25:12',
    EndTime: '2024-01-15 14:30:45',
    ConversationDuration: 320,
    Direction: 'outbound-api',
    CustomField: 'order_12345',
    Legs: [
      { OnCallDuration: 335, Status: 'completed' },
      { OnCallDuration: 320, Status: 'completed' },
    ],
  };
  const COMPLETED = {
    kind: 'status',
    providerCallIds: ['80bfbec2d78bbbf10fb851f4fa165211'],
    direction: 'outbound',
    from: '+919123456789',
    to: '+919876543210',
    status: 'completed',
    ...UNTIMED,
    durationS: 320,
    endReason: null,
  };

  it('reads a status callback in JSON', () => {
    expect(exotelWebhook.parse(json(TERMINAL), NONE)).toEqual(COMPLETED);
  });

  it('reads a status callback as the multipart form that it is by default', () => {
    const fields: Record<string, string> = {
      CallSid: TERMINAL.CallSid,
      Status: 'completed',
      EventType: 'terminal',
      Direction: 'outbound-api',
      From: '09876543210',
      To: '09123456789',
      ConversationDuration: '320',
    };
    const parts = Object.entries(fields).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const request = post(STATUS, 'multipart/form-data; boundary=b', `${parts.join('')}--b--\r\n`);
    expect(exotelWebhook.parse(request, NONE)).toEqual(COMPLETED);
  });

  it('reads the shortest form, which only calls placed by API have', () => {
    const { CallSid, DateUpdated } = TERMINAL;
    const form = new URLSearchParams({ CallSid, DateUpdated, Status: 'no-answer' }).toString();
    expect(exotelWebhook.parse(post(STATUS, 'application/x-www-form-urlencoded', form), NONE)).toEqual({
      ...COMPLETED,
      from: null,
      to: null,
      status: 'no_answer',
      durationS: null,
    });
  });

  it('takes the ExoPhone for our number where it is one', () => {
    expect(exotelWebhook.parse(json({ ...TERMINAL, PhoneNumberSid: '01139585476' }), NONE)).toMatchObject({
      from: '+911139585476',
    });
  });

  it('takes how long the leg lasted where there is no second party', () => {
    const one = { ...TERMINAL, ConversationDuration: 0, Legs: [{ OnCallDuration: 41 }] };
    expect(exotelWebhook.parse(json(one), NONE)).toMatchObject({ durationS: 41 });
    expect(exotelWebhook.parse(json({ ...one, Legs: [] }), NONE)).toMatchObject({ durationS: 0 });
  });

  it.each([
    [{ EventType: 'answered', Status: 'in-progress' }, 'in_progress'],
    [{ EventType: 'ringing', Status: 'queued' }, 'ringing'],
    [{ EventType: 'terminal', Status: 'busy' }, 'busy'],
    [{ EventType: 'terminal', Status: 'failed' }, 'failed'],
    [{ Status: 'canceled' }, 'canceled'],
    [{ Status: 'No Answer' }, 'no_answer'],
  ])('reads %j as %s', (words, status) => {
    const request = json({ ...TERMINAL, EventType: undefined, ...words });
    expect(exotelWebhook.parse(request, NONE)).toMatchObject({ kind: 'status', status });
  });

  // The example of https://docs.exotel.com/exotel-agentstream/passthru-applet
  const PASSED = {
    CallSid: '56b1234567abcdef89abcdef12345678',
    flow_id: 'voicebot-flow-xyz123',
    Direction: 'inbound',
    From: '+918888000000',
    To: '+912233344455',
  };
  const STREAMED = {
    kind: 'status',
    providerCallIds: [PASSED.CallSid],
    direction: 'inbound',
    from: '+918888000000',
    to: '+912233344455',
    status: 'completed',
    ...UNTIMED,
    durationS: 28,
    endReason: 'bot',
  };

  it('reads what the Passthru applet tells of a stream', () => {
    const flat = {
      ...PASSED,
      'Stream[StreamSID]': '6f048d2e897a0d2d4029560f3f541947',
      'Stream[Status]': 'completed',
      'Stream[Duration]': '28',
      'Stream[DisconnectedBy]': 'bot',
    };
    const nested = {
      ...PASSED,
      Stream: '{"StreamSID":"62xxx","Status":"completed","Duration":"28","DisconnectedBy":"bot"}',
    };
    expect(exotelWebhook.parse(get(STATUS, flat), NONE)).toEqual(STREAMED);
    expect(exotelWebhook.parse(get(STATUS, nested), NONE)).toEqual(STREAMED);
    // Also where the flow names the answer URL for it.
    expect(exotelWebhook.parse(get(ANSWER, flat), NONE)).toEqual(STREAMED);
  });

  // https://developer.exotel.com/docs/agentstream/passthru-applet
  it('reads what the Passthru applet posts in front of a stream', () => {
    const body = {
      CallSid: 'a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4',
      StreamSid: 'MZ1234567890abcdef1234567890abcdef',
      StreamUrl: 'wss://yourserver.example.com/stream',
      AccountSid: 'your_account_sid',
      EventType: 'stream-start',
      From: '+919876543210',
      To: '+918041234567',
      Direction: 'inbound',
    };
    expect(exotelWebhook.parse(json(body), NONE)).toMatchObject({
      kind: 'status',
      direction: 'inbound',
      status: 'in_progress',
    });
  });

  it.each([
    ['call-attempt', 'in_progress'],
    ['completed', 'completed'],
    ['client-hangup', 'completed'],
    ['incomplete', 'no_answer'],
  ])('takes the call type %s for %s where nothing better is told', (type, status) => {
    expect(exotelWebhook.parse(get(STATUS, { ...PASSED, CallType: type }), NONE)).toMatchObject({ status });
  });

  it('reads a time that has a zone, and no other', () => {
    // 2024-01-15T05:00:00Z is 19,737 days and 5 hours after the epoch.
    const time = { ...PASSED, CallType: 'completed', CurrentTime: '2024-01-15T10:30:00+05:30' };
    expect(exotelWebhook.parse(get(STATUS, time), NONE)).toMatchObject({ occurredAt: (19_737 * 24 + 5) * 3_600_000 });
  });

  it.each(['constructor', 'paused'])('names a word that it does not know: %s', (word) => {
    expect(exotelWebhook.parse(json({ ...TERMINAL, EventType: 'terminal', Status: word }), NONE)).toMatchObject({
      kind: 'other',
    });
  });

  it.each([
    get(ANSWER, {}),
    get(STATUS, { Status: 'completed' }),
    post(STATUS, 'application/json', '{'),
    { method: 'GET', url: '', headers: {}, rawBody: Buffer.alloc(0) },
  ])('finds no request of Exotel without a call (%#)', (request) => {
    expect(exotelWebhook.parse(request, NONE)).toBeNull();
  });
});
