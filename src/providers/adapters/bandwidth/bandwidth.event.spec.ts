import type { WebhookRequest } from '../../contract/webhook';
import { parseEvent } from './bandwidth.event';

const CALL_ID = 'c-95ac8d6e-1a31c52e-b38f-4198-93c1-51633ec68f8d';
/** The examples of https://dev.bandwidth.com/docs/voice/webhooks/initiate, .../answer and .../disconnect. */
const COMMON = {
  accountId: '55555555',
  applicationId: '7fc9698a-b04a-468b-9e8f-91238c0d0086',
  from: '+15551112222',
  to: '+15553334444',
  callId: CALL_ID,
  callUrl: `https://voice.bandwidth.com/api/v2/accounts/55555555/calls/${CALL_ID}`,
  startTime: '2019-06-20T15:54:22.234Z',
};
const INITIATE = { eventType: 'initiate', eventTime: '2019-06-20T15:56:11.554Z', direction: 'inbound', ...COMMON };
const ANSWER = {
  eventType: 'answer',
  eventTime: '2019-06-20T15:54:25.435Z',
  direction: 'outbound',
  ...COMMON,
  answerTime: '2019-06-20T15:54:25.432Z',
};
const DISCONNECT = {
  eventType: 'disconnect',
  eventTime: '2019-06-20T15:55:55.533Z',
  direction: 'outbound',
  ...COMMON,
  endTime: '2019-06-20T15:55:54.123Z',
  cause: 'busy',
  errorMessage: 'Callee is busy',
  errorId: '4642074b-7b58-478b-96e4-3a60955c6765',
};

function request(body: unknown): WebhookRequest {
  const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method: 'POST',
    url: 'https://voice.example.com/',
    headers: { 'content-type': 'application/json' },
    rawBody,
  };
}
const parse = (body: unknown) => parseEvent(request(body), { country: null });

describe('the events of Bandwidth', () => {
  it('ask for a document when a call comes in, and when one is picked up', () => {
    const about = { providerCallIds: [CALL_ID], from: '+15551112222', to: '+15553334444' };
    expect(parse(INITIATE)).toEqual({ kind: 'call', direction: 'inbound', ...about });
    expect(parse(ANSWER)).toEqual({ kind: 'call', direction: 'outbound', ...about });
  });

  it('tell the end of a call', () => {
    expect(parse(DISCONNECT)).toEqual({
      kind: 'status',
      providerCallIds: [CALL_ID],
      direction: 'outbound',
      from: '+15551112222',
      to: '+15553334444',
      status: 'busy',
      occurredAt: Date.UTC(2019, 5, 20, 15, 55, 55, 533),
      answeredAt: null,
      endedAt: Date.UTC(2019, 5, 20, 15, 55, 54, 123),
      durationS: null,
      endReason: 'busy',
    });
    // 89 s and 691 ms later.
    expect(parse({ ...DISCONNECT, cause: 'hangup', answerTime: '2019-06-20T15:54:24.432Z' })).toMatchObject({
      status: 'completed',
      durationS: 90,
    });
  });

  it.each([
    ['hangup', 'completed'],
    ['busy', 'busy'],
    ['timeout', 'no_answer'],
    ['cancel', 'canceled'],
    ['rejected', 'busy'],
    ['callback-error', 'failed'],
    ['invalid-bxml', 'failed'],
    ['account-limit', 'failed'],
    ['a-word-of-the-future', 'failed'],
    ['constructor', 'failed'],
  ])('have %s as %s', (cause, status) => {
    expect(parse({ ...DISCONNECT, cause })).toMatchObject({ status, endReason: cause });
  });

  it.each([
    ['Anonymous', null],
    ['Restricted', null],
    ['sip:alice@example.com', 'sip:alice@example.com'],
    ['+442079460000', '+442079460000'],
  ])('name the caller %s as %s', (from, named) => expect(parse({ ...INITIATE, from })).toMatchObject({ from: named }));

  it.each(['machineDetectionComplete', 'mediaStreamRejected', 'transferComplete', 'whatever'])(
    'have nothing to do for %s',
    (eventType) => expect(parse({ ...INITIATE, eventType })).toEqual({ kind: 'other', type: eventType }),
  );

  it.each([
    [''],
    ['{'],
    ['[]'],
    ['null'],
    [{}],
    [{ eventType: 7 }],
    [{ ...INITIATE, callId: '' }],
    [{ ...INITIATE, callId: undefined }],
    ['<xml/>'],
  ])('are none in %j', (body) => expect(parse(body)).toBeNull());
});
