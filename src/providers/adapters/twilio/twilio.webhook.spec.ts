import type { WebhookRequest } from '../../contract/webhook';
import { twilioWebhook } from './twilio.webhook';

const SID = 'CAbe982f58915a2def4cf7aaa1f1766236';

const request = (more: Partial<WebhookRequest>): WebhookRequest => ({
  method: 'POST',
  url: 'https://voice.example.com/inbound/twilio/key',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
  rawBody: Buffer.alloc(0),
  ...more,
});
const parse = (fields: Record<string, string>) =>
  twilioWebhook.parse(request({ rawBody: Buffer.from(new URLSearchParams(fields).toString()) }), { country: 'IN' });

/** https://www.twilio.com/docs/voice/twiml#request-parameters */
const RINGING = {
  AccountSid: 'AC755325d45d80675a4727a7a54e1b4ce4',
  ApiVersion: '2010-04-01',
  CallSid: SID,
  CallStatus: 'ringing',
  Called: '+15105647903',
  Caller: '+14158675309',
  Direction: 'inbound',
  From: '+14158675309',
  FromCity: '',
  To: '+15105647903',
};
/** A callback as it came in at the end of an outbound call that had asked for four events. */
const COMPLETED = {
  ...RINGING,
  CallStatus: 'completed',
  CallbackSource: 'call-progress-events',
  CallDuration: '49',
  Duration: '1',
  Direction: 'outbound-api',
  SequenceNumber: '3',
  Timestamp: 'Sun, 25 Mar 2018 09:53:19 +0000',
};
const AT = Date.UTC(2018, 2, 25, 9, 53, 19);

describe('twilioWebhook.parse', () => {
  it('reads a request for a document', () => {
    expect(parse(RINGING)).toEqual({
      kind: 'call',
      providerCallIds: [SID],
      direction: 'inbound',
      from: '+14158675309',
      to: '+15105647903',
    });
  });

  it('reads the one of an outbound call that was picked up', () => {
    expect(parse({ ...RINGING, CallStatus: 'in-progress', Direction: 'outbound-api' })).toMatchObject({
      kind: 'call',
      direction: 'outbound',
    });
  });

  it('reads what a GET has in its query, and nothing of its body', () => {
    const query = new URLSearchParams(RINGING).toString();
    const get = request({ method: 'GET', url: `https://voice.example.com/inbound/twilio/key?${query}` });
    expect(twilioWebhook.parse(get, { country: null })).toMatchObject({ kind: 'call', from: '+14158675309' });
    const empty = request({ method: 'GET', rawBody: Buffer.from(query) });
    expect(twilioWebhook.parse(empty, { country: null })).toBeNull();
  });

  it('reads nothing of the query of a POST, which is ours', () => {
    const url = `https://voice.example.com/inbound/twilio/key?${new URLSearchParams(RINGING).toString()}`;
    expect(twilioWebhook.parse(request({ url }), { country: null })).toBeNull();
  });

  it('reads the end of a call; Duration is in minutes and not the duration', () => {
    expect(parse(COMPLETED)).toEqual({
      kind: 'status',
      providerCallIds: [SID],
      direction: 'outbound',
      from: '+14158675309',
      to: '+15105647903',
      status: 'completed',
      occurredAt: AT,
      answeredAt: null,
      endedAt: AT,
      durationS: 49,
      endReason: null,
    });
  });

  it('reads when a call was answered', () => {
    expect(parse({ ...COMPLETED, CallStatus: 'in-progress', SequenceNumber: '2' })).toMatchObject({
      kind: 'status',
      status: 'in_progress',
      occurredAt: AT,
      answeredAt: AT,
      endedAt: null,
      durationS: null,
    });
  });

  // https://www.twilio.com/docs/voice/api/call-resource#call-status-values
  it.each([
    ['queued', 'initiated'],
    ['initiated', 'initiated'],
    ['ringing', 'ringing'],
    ['in-progress', 'in_progress'],
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('reads the status %s', (word, status) => {
    expect(parse({ ...COMPLETED, CallStatus: word })).toMatchObject({ kind: 'status', status });
  });

  it.each(['completed', 'busy', 'no-answer', 'failed', 'canceled', 'initiated'])(
    'takes %s for a status although nothing says that it is a callback',
    (word) => {
      expect(parse({ ...RINGING, CallStatus: word })).toMatchObject({ kind: 'status', occurredAt: null });
    },
  );

  it.each(['queued', 'ringing', 'in-progress'])('takes %s for a question where nothing says otherwise', (word) => {
    expect(parse({ ...RINGING, CallStatus: word })).toMatchObject({ kind: 'call' });
  });

  it.each<Record<string, string>>([{ CallbackSource: 'call-progress-events' }, { SequenceNumber: '1' }])(
    'takes ringing with %j for a callback',
    (more) => {
      expect(parse({ ...RINGING, ...more })).toMatchObject({ kind: 'status', status: 'ringing' });
    },
  );

  it("keeps Twilio's own reason", () => {
    expect(parse({ ...COMPLETED, CallStatus: 'busy', SipResponseCode: '486' })).toMatchObject({ endReason: '486' });
    expect(parse({ ...COMPLETED, SipResponseCode: '200' })).toMatchObject({ endReason: null });
    expect(parse({ ...COMPLETED, CallStatus: 'failed', SipResponseCode: '404', ErrorCode: '32009' })).toMatchObject({
      endReason: '32009',
    });
  });

  it('takes no duration and no time that is none', () => {
    expect(parse({ ...COMPLETED, CallDuration: '4.5', Timestamp: 'soon' })).toMatchObject({
      durationS: null,
      occurredAt: null,
      endedAt: null,
    });
  });

  it.each([
    ['sip:alice@example.com:5061;transport=tls', 'sip:alice@example.com:5061;transport=tls'],
    ['client:alice', 'client:alice'],
    ['894546', '894546'],
    ['anonymous', null],
    ['', null],
    // ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad.
    ['+266696687', null],
    ['+7378742833', null],
    ['+2562533', null],
    ['+8656696', null],
    ['+86282452253', null],
  ])('names the party %j as %j', (given, named) => {
    expect(parse({ ...RINGING, From: given })).toMatchObject({ kind: 'call', from: named });
    expect(parse({ ...COMPLETED, To: given })).toMatchObject({ kind: 'status', to: named });
  });

  it('does not name the call that dialled this one', () => {
    const child = { ...COMPLETED, ParentCallSid: 'CA1234567890ABCDE', Direction: 'outbound-dial' };
    expect(parse(child)).toMatchObject({ providerCallIds: [SID], direction: 'outbound' });
  });

  it.each([
    [{ CallSid: SID, StreamSid: 'MZ1', StreamEvent: 'stream-started' }, 'stream-started'],
    [{ CallSid: SID, RecordingSid: 'RE1', RecordingStatus: 'completed' }, 'completed'],
    [{ MessageSid: 'SM1', SmsStatus: 'received' }, 'received'],
    [{ ...RINGING, CallStatus: 'hovering' }, 'hovering'],
    [{ ...RINGING, CallStatus: 'constructor' }, 'constructor'],
  ])('knows that %j is nothing to act on', (fields, type) => {
    expect(parse({ AccountSid: RINGING.AccountSid, ...fields })).toEqual({ kind: 'other', type });
  });

  it.each([
    ['no fields', request({})],
    [
      'JSON',
      request({ headers: { 'content-type': 'application/json' }, rawBody: Buffer.from(JSON.stringify(RINGING)) }),
    ],
    ['no content type', request({ headers: {}, rawBody: Buffer.from(new URLSearchParams(RINGING).toString()) })],
    ['bytes', request({ rawBody: Buffer.from([0xff, 0xfe, 0x25, 0x00]) })],
    ['another method', request({ method: 'PUT', rawBody: Buffer.from(new URLSearchParams(RINGING).toString()) })],
  ])('does not understand %s', (_, received) => {
    expect(twilioWebhook.parse(received, { country: null })).toBeNull();
  });

  it('does not understand a call by a name that is none', () => {
    expect(parse({ ...RINGING, CallSid: '../Accounts' })).toBeNull();
  });
});
