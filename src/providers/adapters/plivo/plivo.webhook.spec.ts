import type { WebhookRequest } from '../../contract/webhook';
import { plivoWebhook } from './plivo.webhook';

const URL_OF_OURS = 'https://voice.example.com/inbound/plivo/key';

function post(fields: Record<string, string>, url = URL_OF_OURS): WebhookRequest {
  return { method: 'POST', url, headers: {}, rawBody: Buffer.from(new URLSearchParams(fields).toString()) };
}

const parse = (fields: Record<string, string>) => plivoWebhook.parse(post(fields), { country: 'IN' });

/** The parameters of https://www.plivo.com/docs/voice/xml/request/ */
const INBOUND = {
  CallUUID: '2ccd1b8a-8d2e-11e6-9c4a-1f2d8d0f1a11',
  From: '14155550100',
  To: '14155550123',
  CallStatus: 'ringing',
  Direction: 'inbound',
};
const ABOUT_INBOUND = {
  providerCallIds: [INBOUND.CallUUID],
  direction: 'inbound',
  from: '+14155550100',
  to: '+14155550123',
};
const OUTBOUND = {
  CallUUID: 'call-1',
  RequestUUID: 'request-1',
  ALegUUID: 'call-1',
  ALegRequestUUID: 'request-1',
  From: '14155550123',
  To: '442079460000',
  CallStatus: 'in-progress',
  Direction: 'outbound',
};
const ABOUT_OUTBOUND = {
  providerCallIds: ['call-1', 'request-1'],
  direction: 'outbound',
  from: '+14155550123',
  to: '+442079460000',
};
const NO_TIMES = { occurredAt: null, answeredAt: null, endedAt: null };

describe('a request of Plivo’s about a call', () => {
  it.each<Record<string, string>>([{}, { Event: 'StartApp' }, { Event: 'StartApp', CallStatus: 'in-progress' }])(
    'asks about one that comes in, with %j',
    (more) => expect(parse({ ...INBOUND, ...more })).toEqual({ kind: 'call', ...ABOUT_INBOUND }),
  );

  it.each<Record<string, string>>([{}, { Event: 'StartApp' }])(
    'asks about one of ours that was picked up, with %j',
    (more) => {
      expect(parse({ ...OUTBOUND, ...more })).toEqual({ kind: 'call', ...ABOUT_OUTBOUND });
    },
  );

  it('reads a GET’s query', () => {
    const url = `${URL_OF_OURS}?${new URLSearchParams(INBOUND).toString()}`;
    const request: WebhookRequest = { method: 'GET', url, headers: {}, rawBody: Buffer.alloc(0) };
    expect(plivoWebhook.parse(request, { country: null })).toEqual({ kind: 'call', ...ABOUT_INBOUND });
  });

  it('takes nothing from the query behind our URL where a body is posted', () => {
    expect(
      plivoWebhook.parse(post({ CallStatus: 'ringing' }, `${URL_OF_OURS}?CallUUID=x`), { country: null }),
    ).toBeNull();
  });

  it('keeps what is no number, and knows a caller who is withheld', () => {
    expect(parse({ ...INBOUND, From: 'sip:john1234@phone.plivo.com' })).toMatchObject({
      from: 'sip:john1234@phone.plivo.com',
    });
    expect(parse({ ...INBOUND, From: 'anonymous' })).toMatchObject({ from: null });
    expect(parse({ ...INBOUND, From: '' })).toMatchObject({ from: null });
  });

  it('names a call by its request while it has no name of its own', () => {
    expect(parse({ RequestUUID: 'request-1', CallUUID: '', CallStatus: 'busy', Direction: 'outbound' })).toMatchObject({
      kind: 'status',
      status: 'busy',
      providerCallIds: ['request-1'],
    });
  });

  it.each<Record<string, string>>([{}, { Event: 'Ring' }])('tells that one of ours rings, with %j', (more) => {
    expect(parse({ ...OUTBOUND, CallStatus: 'ringing', ...more })).toEqual({
      kind: 'status',
      ...ABOUT_OUTBOUND,
      status: 'ringing',
      ...NO_TIMES,
      durationS: null,
      endReason: null,
    });
  });

  // https://www.plivo.com/docs/voice/xml/request/call-status/ and https://www.plivo.com/docs/account/api/application
  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['timeout', 'no_answer'],
    ['cancel', 'canceled'],
    ['failed', 'failed'],
  ])('tells an end by the word %s', (word, status) => {
    for (const direction of [INBOUND, OUTBOUND]) {
      expect(parse({ ...direction, CallStatus: word })).toMatchObject({ kind: 'status', status });
      expect(parse({ ...direction, CallStatus: word, Event: 'Hangup' })).toMatchObject({ kind: 'status', status });
    }
  });

  it('tells all about an end', () => {
    const ended = {
      ...INBOUND,
      CallStatus: 'completed',
      Event: 'Hangup',
      HangupCause: 'NORMAL_CLEARING',
      HangupCauseCode: '4000',
      HangupCauseName: 'Normal Hangup',
      HangupSource: 'Caller',
      Duration: '42',
      BillDuration: '60',
      StartTime: '2026-11-24 10:00:00+00:00',
      AnswerTime: '2026-11-24 15:30:05+0530',
      EndTime: '2026-11-24 10:00:47+00:00',
    };
    expect(parse(ended)).toEqual({
      kind: 'status',
      ...ABOUT_INBOUND,
      status: 'completed',
      occurredAt: Date.UTC(2026, 10, 24, 10, 0, 47),
      answeredAt: Date.UTC(2026, 10, 24, 10, 0, 5),
      endedAt: Date.UTC(2026, 10, 24, 10, 0, 47),
      durationS: 42,
      endReason: 'Normal Hangup',
    });
  });

  it('believes no time that does not say its zone', () => {
    expect(parse({ ...INBOUND, CallStatus: 'completed', EndTime: '2026-11-24 10:00:47', Duration: '' })).toMatchObject({
      ...NO_TIMES,
      durationS: null,
    });
  });

  it('takes the older cause, and the billed length, where there is nothing else', () => {
    expect(
      parse({ ...INBOUND, CallStatus: 'completed', HangupCause: 'NORMAL_CLEARING', BillDuration: '9' }),
    ).toMatchObject({
      endReason: 'NORMAL_CLEARING',
      durationS: 9,
    });
  });

  it('takes a call that was hung up for ended, whatever its status', () => {
    expect(parse({ ...INBOUND, Event: 'Hangup', CallStatus: 'in-progress', Duration: '3' })).toMatchObject({
      status: 'completed',
    });
    expect(parse({ ...INBOUND, Event: 'Hangup', CallStatus: 'rejected', Duration: '0' })).toMatchObject({
      status: 'failed',
    });
    expect(parse({ ...INBOUND, HangupCauseName: 'Rejected' })).toMatchObject({ kind: 'status', status: 'failed' });
  });

  it('passes on what it has nothing to do with', () => {
    expect(parse({ ...INBOUND, Event: 'StartStream' })).toEqual({ kind: 'other', type: 'StartStream' });
    expect(parse({ ...INBOUND, CallStatus: 'queued' })).toEqual({ kind: 'other', type: 'queued' });
  });

  it.each(['', '{"CallUUID":"x"}', 'From=1', 'CallUUID=', 'CallUUID=x', '%', '\u0000'])('is none for %j', (body) => {
    const request: WebhookRequest = { method: 'POST', url: 'nonsense', headers: {}, rawBody: Buffer.from(body) };
    expect(plivoWebhook.parse(request, { country: null })).toBeNull();
  });
});
