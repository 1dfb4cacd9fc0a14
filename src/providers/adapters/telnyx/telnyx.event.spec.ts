import type { InboundEvent } from '../../contract/webhook';
import { parseEvent } from './telnyx.event';

const SID = 'v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ';
/** https://developers.telnyx.com/api-reference/callbacks/texml-call-initiated, without what is there on a condition. */
const INITIATED = {
  AccountSid: 'f5586561-8ff0-4291-a51b-c7dfe4139ff9',
  CallInitiatedAt: '2024-01-15T10:30:26.028Z',
  CallSid: SID,
  CallSidLegacy: SID,
  CallStatus: 'initiated',
  CallbackSource: 'call-progress-events',
  ConnectionId: '1234567890',
  From: '+35319605860',
  SequenceNumber: '0',
  Timestamp: '2024-01-15T10:30:00Z',
  To: '+13129457420',
};
/** https://developers.telnyx.com/api-reference/callbacks/texml-call-completed */
const COMPLETED = {
  ...INITIATED,
  CallStatus: 'completed',
  SequenceNumber: '3',
  AnsweredTime: '2024-01-15T10:30:15Z',
  CallControlId: SID,
  CallDuration: '45',
  CallLegId: 'abc123-leg1',
  CallSessionId: 'session-abc123',
  EndTime: '2024-01-15T10:31:00Z',
  HangupCause: 'normal_clearing',
  HangupSource: 'caller',
  OccurredAt: '2024-01-15T10:31:00Z',
  SipHangupCause: '200',
  StartTime: '2024-01-15T10:30:00Z',
};
/** What asks for instructions: the same without being a callback. */
const ASKING = { ...INITIATED, CallStatus: 'ringing', Direction: 'inbound', CallbackSource: '' };

const HALF_PAST_TEN = Date.UTC(2024, 0, 15, 10, 30, 0);

function parse(fields: Record<string, string>): InboundEvent | null {
  const rawBody = Buffer.from(new URLSearchParams(fields).toString());
  return parseEvent({ method: 'POST', url: 'https://voice.example.com/inbound/telnyx/key', headers: {}, rawBody });
}

describe('parseEvent', () => {
  it('takes a request without a callback source for a call', () => {
    expect(parse(ASKING)).toEqual({
      kind: 'call',
      providerCallIds: [SID],
      direction: 'inbound',
      from: '+35319605860',
      to: '+13129457420',
    });
  });

  it.each(['outbound', 'outbound-api', 'outgoing'])('knows our own call by %s', (Direction) => {
    expect(parse({ ...ASKING, CallStatus: 'in-progress', Direction })).toMatchObject({
      kind: 'call',
      direction: 'outbound',
    });
  });

  it('answers a call of which it does not know the status', () => {
    expect(parse({ CallSid: SID, From: 'anonymous', To: 'sip:agent@example.sip.telnyx.com' })).toEqual({
      kind: 'call',
      providerCallIds: [SID],
      direction: 'inbound',
      from: null,
      to: 'sip:agent@example.sip.telnyx.com',
    });
  });

  it.each(['constructor', '__proto__', 'resting'])('makes no status of the word %s', (CallStatus) => {
    expect(parse({ ...INITIATED, CallStatus })).toEqual({ kind: 'other', type: CallStatus });
  });

  it('reads the end of a call', () => {
    expect(parse(COMPLETED)).toEqual({
      kind: 'status',
      providerCallIds: [SID, 'abc123-leg1'],
      direction: 'inbound',
      from: '+35319605860',
      to: '+13129457420',
      status: 'completed',
      occurredAt: HALF_PAST_TEN + 60_000,
      answeredAt: HALF_PAST_TEN + 15_000,
      endedAt: HALF_PAST_TEN + 60_000,
      durationS: 45,
      endReason: 'normal_clearing',
    });
  });

  it.each([
    ['initiated', 'initiated'],
    ['ringing', 'ringing'],
    ['in-progress', 'in_progress'],
    ['answered', 'in_progress'],
  ])('reads %s, with no end and no length', (CallStatus, status) => {
    const event = parse({ ...INITIATED, CallStatus, CallDuration: '10', HangupCause: 'x', EndTime: '2024-01-15' });
    expect(event).toMatchObject({ kind: 'status', status, occurredAt: HALF_PAST_TEN });
    expect(event).toMatchObject({ endedAt: null, durationS: null, endReason: null });
  });

  it.each([
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('reads %s, also where it is not called a callback, without a conversation', (CallStatus, status) => {
    const fields = { ...COMPLETED, CallbackSource: '', CallStatus };
    expect(parse(fields)).toMatchObject({ kind: 'status', status, durationS: null });
  });

  it('reads times as older examples have them, always as UTC', () => {
    const at = (Timestamp: string) => parse({ ...INITIATED, Timestamp });
    // https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/hangup
    expect(at('2021-04-28 21:51:18.731479Z')).toMatchObject({ occurredAt: Date.UTC(2021, 3, 28, 21, 51, 18, 731) });
    expect(at('2021-04-28 21:51:18.731479')).toMatchObject({ occurredAt: Date.UTC(2021, 3, 28, 21, 51, 18, 731) });
    expect(at('2021-04-28T21:51:18+02:00')).toMatchObject({ occurredAt: Date.UTC(2021, 3, 28, 19, 51, 18) });
    expect(at('Wed, 28 Apr 2021 21:51:18 +0000')).toMatchObject({ occurredAt: Date.UTC(2021, 3, 28, 21, 51, 18) });
    expect(at('soon')).toMatchObject({ occurredAt: null });
  });

  it('does not take for the call what it tells of a leg that it dialled', () => {
    expect(parse({ ...COMPLETED, CallStatus: 'busy', ParentCallSid: 'v3:parent' })).toEqual({
      kind: 'other',
      type: 'dialled_leg',
    });
    expect(parse({ ...COMPLETED, ParentCallSid: SID })).toMatchObject({ kind: 'status' });
  });

  it('passes over what it is told besides', () => {
    expect(parse({ ...INITIATED, CallbackSource: 'call-cost-events' })).toEqual({
      kind: 'other',
      type: 'call-cost-events',
    });
    expect(parse({ ...INITIATED, CallStatus: 'analyzed' })).toEqual({ kind: 'other', type: 'analyzed' });
  });

  it('knows an event of a Call Control application for something else', () => {
    const rawBody = Buffer.from('{"data":{"event_type":"call.initiated","payload":{"call_control_id":"v3:abc"}}}');
    expect(parseEvent({ method: 'POST', url: 'https://example.com', headers: {}, rawBody })).toEqual({
      kind: 'other',
      type: 'call.initiated',
    });
  });

  it('reads a GET from its query', () => {
    const url = `https://voice.example.com/in?${new URLSearchParams(ASKING).toString()}`;
    expect(parseEvent({ method: 'GET', url, headers: {}, rawBody: Buffer.alloc(0) })).toMatchObject({
      kind: 'call',
      providerCallIds: [SID],
    });
  });

  it.each([
    ['POST', ''],
    ['POST', '{"data":'],
    ['POST', 'From=%2B1&To=%2B2'],
    ['POST', '%E0%A4%A'],
    ['POST', '[]'],
    ['PUT', 'CallSid=v3'],
  ])('makes nothing of %s %j, and never throws', (method, body) => {
    expect(parseEvent({ method, url: 'no url', headers: {}, rawBody: Buffer.from(body) })).toBeNull();
  });

  it('makes nothing of a GET to no URL', () => {
    expect(parseEvent({ method: 'GET', url: 'no url', headers: {}, rawBody: Buffer.alloc(0) })).toBeNull();
  });
});
