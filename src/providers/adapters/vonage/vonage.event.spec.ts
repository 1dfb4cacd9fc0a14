import type { WebhookRequest } from '../../contract/webhook';
import { parseVonageWebhook } from './vonage.event';

const UUID = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const CONVERSATION = `CON-${UUID}`;
const AT = Date.UTC(2020, 0, 1, 12);

const post = (body: unknown, method = 'POST'): WebhookRequest => ({
  method,
  url: 'https://voice.example.com/inbound/vonage/key',
  headers: { 'content-type': 'application/json' },
  rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const get = (query: string): WebhookRequest => ({
  ...post(''),
  method: 'GET',
  url: `https://a.example.com/x?${query}`,
});
const parse = (request: WebhookRequest) => parseVonageWebhook(request);

/** Examples of https://developer.vonage.com/en/voice/voice-api/webhook-reference */
const ANSWER = {
  from: '442079460000',
  to: '447700900000',
  uuid: UUID,
  conversation_uuid: CONVERSATION,
  'SipHeader_X-UserId': '1938ND9',
};
const EVENT = {
  from: '442079460000',
  to: '447700900000',
  uuid: UUID,
  conversation_uuid: CONVERSATION,
  status: 'started',
  direction: 'outbound',
  timestamp: '2020-01-01T12:00:00.000Z',
};
const COMPLETED = {
  ...EVENT,
  status: 'completed',
  direction: 'inbound',
  start_time: '2020-01-01T12:00:00.000Z',
  end_time: '2020-01-01T12:00:02.000Z',
  timestamp: '2020-01-01T12:00:02.500Z',
  duration: '2',
  rate: '0.00450000',
  price: '0.00015000',
  network: 'GB-FIXED',
};

describe('parseVonageWebhook', () => {
  it('reads the answer webhook, posted or in the query', () => {
    const call = {
      kind: 'call',
      providerCallIds: [UUID],
      direction: 'inbound',
      from: '+442079460000',
      to: '+447700900000',
    };
    expect(parse(post(ANSWER))).toEqual(call);
    const query = `to=447700900000&from=442079460000&conversation_uuid=${CONVERSATION}&uuid=${UUID}`;
    expect(parse(get(query))).toEqual(call);
  });

  it.each([
    ['anonymous', null],
    ['unknown', null],
    [undefined, null],
    ['sip:user@example.com', 'sip:user@example.com'],
    ['12345', '12345'],
    ['+442079460000', '+442079460000'],
  ])('reads the caller %j as %j', (from, expected) => {
    expect(parse(post({ ...ANSWER, from }))).toMatchObject({ kind: 'call', from: expected });
  });

  it.each([
    ['started', 'initiated', null],
    ['ringing', 'ringing', null],
    ['answered', 'in_progress', null],
    ['busy', 'busy', 'busy'],
    ['cancelled', 'canceled', 'cancelled'],
    ['failed', 'failed', 'failed'],
    ['rejected', 'failed', 'rejected'],
    ['timeout', 'no_answer', 'timeout'],
    ['unanswered', 'no_answer', 'unanswered'],
  ])('reads %s as %s', (status, expected, endReason) => {
    expect(parse(post({ ...EVENT, status }))).toEqual({
      kind: 'status',
      providerCallIds: [UUID],
      direction: 'outbound',
      from: '+442079460000',
      to: '+447700900000',
      status: expected,
      occurredAt: AT,
      answeredAt: status === 'answered' ? AT : null,
      endedAt: endReason === null ? null : AT,
      durationS: null,
      endReason,
    });
  });

  it('reads times and length of a completed call', () => {
    expect(parse(post(COMPLETED))).toEqual({
      kind: 'status',
      providerCallIds: [UUID],
      direction: 'inbound',
      from: '+442079460000',
      to: '+447700900000',
      status: 'completed',
      occurredAt: AT + 2500,
      answeredAt: AT,
      endedAt: AT + 2000,
      durationS: 2,
      endReason: null,
    });
  });

  it('has no time of answering for a call without a conversation', () => {
    expect(parse(post({ ...COMPLETED, duration: '0' }))).toMatchObject({ answeredAt: null, durationS: 0 });
    expect(parse(post({ ...COMPLETED, duration: '' }))).toMatchObject({ answeredAt: null, durationS: null });
  });

  it('reads a time without a zone as UTC, and none that is no time', () => {
    expect(parse(post({ ...COMPLETED, end_time: '2020-01-01 12:00:02' }))).toMatchObject({ endedAt: AT + 2000 });
    expect(parse(post({ ...EVENT, timestamp: 'today' }))).toMatchObject({ occurredAt: null });
  });

  it('gives Vonage’s detail as the reason of an end', () => {
    expect(parse(post({ ...EVENT, status: 'failed', detail: 'cannot_route' }))).toMatchObject({
      endReason: 'cannot_route',
    });
  });

  it.each(['wss://example.com/socket', 'ws://example.com', 'sip:rebekka@sip.example.com', 'sips:a@b'])(
    'does not take the end of a leg to %s for the end of a call',
    (to) =>
      expect(parse(post({ ...EVENT, to, status: 'unanswered' }))).toEqual({ kind: 'other', type: 'leg unanswered' }),
  );

  it.each([
    [{ ...EVENT, uuid: undefined, call_uuid: UUID, status: 'human' }, 'human'],
    [{ ...EVENT, uuid: undefined, call_uuid: UUID, status: 'machine' }, 'machine'],
    [{ ...EVENT, status: 'disconnected' }, 'disconnected'],
    [{ ...EVENT, status: 'constructor' }, 'constructor'],
    [{ recording_url: 'https://api.nexmo.com/v1/files/1', conversation_uuid: CONVERSATION }, 'record'],
    [{ ...ANSWER, dtmf: '42', timed_out: true }, 'input'],
    [{ uuid: UUID, conversation_uuid_from: CONVERSATION, conversation_uuid_to: CONVERSATION }, 'transfer'],
    [{ reason: 'Syntax error in NCCO. Invalid value type or action.', conversation_uuid: CONVERSATION }, 'error'],
  ])('has nothing to do for %j', (body, type) => expect(parse(post(body))).toEqual({ kind: 'other', type }));

  it.each([
    post(''),
    post('{'),
    post('[]'),
    post('"text"'),
    post('null'),
    post({}),
    post({ ...ANSWER, uuid: undefined }),
    post({ ...ANSWER, to: undefined }),
    post({ ...EVENT, uuid: undefined }),
    post({ ...EVENT, uuid: 5 }),
    get(''),
    { ...get(''), url: 'nowhere' },
  ])('gives null for a malformed request (%#)', (request) => expect(parse(request)).toBeNull());
});
