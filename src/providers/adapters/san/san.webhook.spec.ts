import type { WebhookRequest } from '../../contract/webhook';
import { SanCredentials } from './san.credentials';
import { sanWebhook } from './san.webhook';

const URL_ = 'https://voice.example.com/inbound/san/key/status';
const NONE = { country: null };

const get = (query: string): WebhookRequest => ({
  method: 'GET',
  url: query ? `${URL_}?${query}` : URL_,
  headers: {},
  rawBody: Buffer.alloc(0),
});
const json = (body: unknown): WebhookRequest => ({
  method: 'POST',
  url: URL_,
  headers: { 'content-type': 'application/json' },
  rawBody: Buffer.from(JSON.stringify(body)),
});

const ENDED = {
  kind: 'status',
  providerCallIds: ['1728505015.6351'],
  direction: 'outbound',
  from: '6745647',
  to: '+919560088735',
  status: 'completed',
  occurredAt: null,
  answeredAt: null,
  endedAt: null,
  durationS: 42,
  endReason: null,
};

// San documents no callback: these are the words of Asterisk, on which it runs, in the shapes of San's answers.
describe('sanWebhook', () => {
  it('believes who knows the URL, since nothing is signed', () => {
    const context = { credentials: new SanCredentials(), shared: null, nowMs: 0 };
    expect(sanWebhook.verify(get(''), context)).toEqual({ kind: 'authentic', replayId: null });
  });

  it.each([
    get('callid=1728505015.6351&disposition=ANSWERED&billsec=42&caller_id=6745647&call_to=09560088735'),
    json({
      callid: '1728505015.6351',
      status: 'Answered',
      duration: 42,
      caller_id: '6745647',
      call_to: '09560088735',
    }),
    json({
      data: {
        msg: {
          callid: '1728505015.6351',
          call_status: 'ANSWER',
          billsec: '00:00:42',
          callerid: '6745647',
          callto: '919560088735',
        },
      },
    }),
  ])('reads the end of a call (%#)', (request) => expect(sanWebhook.parse(request, NONE)).toEqual(ENDED));

  it.each([
    ['NO ANSWER', 'no_answer'],
    ['NOANSWER', 'no_answer'],
    ['BUSY', 'busy'],
    ['CANCEL', 'canceled'],
    ['CONGESTION', 'failed'],
    ['FAILED', 'failed'],
    ['ringing', 'ringing'],
  ])('reads %s as %s', (word, status) => {
    expect(sanWebhook.parse(json({ callid: '1', status: word }), NONE)).toMatchObject({ kind: 'status', status });
  });

  it('names a word that it does not know', () => {
    expect(sanWebhook.parse(json({ callid: '1', status: 'toString' }), NONE)).toEqual({
      kind: 'other',
      type: 'toString',
    });
    expect(sanWebhook.parse(json({ callid: '1' }), NONE)).toEqual({ kind: 'other', type: 'unknown' });
  });

  it('does not take our name of the call, in the query of our URL, for its own', () => {
    const ours = 'call_id=call_01kawgyqr4e3v9m2t5x8b7c6dn';
    const body = { data: { call_id: '1728505015.6351', status: 'BUSY' } };
    expect(sanWebhook.parse({ ...json(body), url: `${URL_}?${ours}` }, NONE)).toEqual(
      sanWebhook.parse(json(body), NONE),
    );
    expect(sanWebhook.parse(get(`${ours}&status=BUSY&uniqueid=1728505015.6351`), NONE)).toMatchObject({
      providerCallIds: ['1728505015.6351'],
    });
    expect(sanWebhook.parse(get(`${ours}&status=BUSY`), NONE)).toBeNull();
  });

  it('takes an empty request for a trial of the URL', () => {
    expect(sanWebhook.parse(get(''), NONE)).toEqual({ kind: 'ping' });
  });

  it.each([get('status=ANSWERED'), json({ status: 'BUSY' })])('finds no callback without a call (%#)', (request) => {
    expect(sanWebhook.parse(request, NONE)).toBeNull();
  });
});
