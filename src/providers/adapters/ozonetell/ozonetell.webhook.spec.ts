import type { WebhookRequest } from '../../contract/webhook';
import { OzonetellCredentials } from './ozonetell.credentials';
import { ozonetellWebhook } from './ozonetell.webhook';

const URL_ = 'https://voice.example.com/inbound/ozonetell/key/918065740671';
const NONE = { country: null };
const UNTIMED = { occurredAt: null, answeredAt: null, endedAt: null };

const get = (query: string): WebhookRequest => ({
  method: 'GET',
  url: `${URL_}?${query}`,
  headers: {},
  rawBody: Buffer.alloc(0),
});
const post = (fields: Record<string, string>): WebhookRequest => ({
  method: 'POST',
  url: `${URL_}/status`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  rawBody: Buffer.from(new URLSearchParams(fields).toString()),
});

// The request of https://github.com/anoopk405/kookoo-voicebot, "IVR Webhook: NewCall Event"
const NEW_CALL =
  'event=NewCall&sid=21275806501458167&cid=919704665032&called_number=918065740671&operator=Airtel&circle=ANDHRA+PRADESH&cid_type=MOBILE&cid_countryname=India&cid_country=91&cid_e164=%2B919704665032&request_time=2026-04-10+13%3A05%3A02';

describe('ozonetellWebhook', () => {
  it('believes who knows the URL, since nothing is signed', () => {
    const context = { credentials: new OzonetellCredentials(), shared: null, nowMs: 0 };
    expect(ozonetellWebhook.verify(get(NEW_CALL), context)).toEqual({ kind: 'authentic', replayId: null });
  });

  const CALL = {
    kind: 'call',
    providerCallIds: ['21275806501458167'],
    direction: 'inbound',
    from: '+919704665032',
    to: '+918065740671',
  };

  it('asks what is to become of a call', () => {
    expect(ozonetellWebhook.parse(get(NEW_CALL), NONE)).toEqual(CALL);
    const posted = post(Object.fromEntries(new URLSearchParams(NEW_CALL)));
    expect(ozonetellWebhook.parse(posted, NONE)).toEqual(CALL);
  });

  // http://www.kookoo.in/index.php/kookoo-docs/kookoorequest: "will try its best to send a 10 digit phone number"
  it.each(['9704665032', '09704665032', '919704665032'])('reads the caller %s', (cid) => {
    const request = get(`event=NewCall&sid=1&cid=${cid}&called_number=918065740671`);
    expect(ozonetellWebhook.parse(request, NONE)).toMatchObject({ from: '+919704665032', to: '+918065740671' });
  });

  it("takes the portal's test for a ping", () => {
    expect(ozonetellWebhook.parse(get('event=NewCall'), NONE)).toEqual({ kind: 'ping' });
    expect(ozonetellWebhook.parse(get('event=NewCall&cid=919704665032'), NONE)).toBeNull();
  });

  it('turns the parties of a call that we placed round', () => {
    const request = get('event=NewCall&sid=1&outbound_sid=2&cid=09704665032&called_number=918065740671');
    expect(ozonetellWebhook.parse(request, NONE)).toEqual({
      ...CALL,
      providerCallIds: ['1', '2'],
      direction: 'outbound',
      from: '+918065740671',
      to: '+919704665032',
    });
  });

  it('reads the end of a call', () => {
    const request = get(
      `${NEW_CALL.replace('NewCall', 'Hangup')}&process=stream&callduration=37&total_call_duration=41`,
    );
    expect(ozonetellWebhook.parse(request, NONE)).toEqual({
      ...CALL,
      kind: 'status',
      status: 'completed',
      ...UNTIMED,
      durationS: 37,
      endReason: 'stream',
    });
    // "cid … will be sent only during the first request"
    expect(ozonetellWebhook.parse(get('event=Disconnect&sid=1&total_call_duration=41'), NONE)).toMatchObject({
      status: 'completed',
      from: null,
      durationS: 41,
    });
  });

  it.each(['Stream', 'Dial', 'GotDTMF', 'Record'])(
    'does not take %s, after which the call is still up, for its end',
    (event) => {
      expect(ozonetellWebhook.parse(get(`event=${event}&sid=1`), NONE)).toEqual({ kind: 'other', type: event });
    },
  );

  // The parameters that dimagi/commcare-hq reads in corehq/apps/kookoo/views.py, the statuses of the facts.
  const RECORD = {
    sid: '21275806501458167',
    phone_no: '09704665032',
    caller_id: '918065740671',
    status: 'answered',
    start_time: '2026-04-10 13:05:02',
    duration: '42',
    ringing_time: '9',
    status_details: 'NORMAL',
  };

  it('reads the record of an outbound call', () => {
    expect(ozonetellWebhook.parse(post(RECORD), NONE)).toEqual({
      kind: 'status',
      providerCallIds: ['21275806501458167'],
      direction: 'outbound',
      from: '+918065740671',
      to: '+919704665032',
      status: 'completed',
      ...UNTIMED,
      durationS: 42,
      endReason: 'NORMAL',
    });
  });

  it.each([
    ['not_answered', 'no_answer'],
    ['NotAnswered', 'no_answer'],
    ['NoAnswer', 'no_answer'],
    ['Busy', 'busy'],
    ['failed', 'failed'],
    ['queued', 'initiated'],
  ])('reads the status %s as %s', (word, status) => {
    expect(ozonetellWebhook.parse(post({ ...RECORD, status: word }), NONE)).toMatchObject({ status });
  });

  it.each([
    [{ telco_code: '16', pick_time: '13:05:11' }, 'completed'],
    [{ telco_code: '17' }, 'busy'],
    [{ telco_code: '19' }, 'no_answer'],
    [{ telco_code: '38' }, 'failed'],
    [{ pick_time: '13:05:11' }, 'completed'],
  ])('takes %j for %s where there is no status', (more, status) => {
    expect(ozonetellWebhook.parse(post({ ...RECORD, status: '', ...more }), NONE)).toMatchObject({
      kind: 'status',
      status,
    });
  });

  it('names a status that it does not know', () => {
    expect(ozonetellWebhook.parse(post({ ...RECORD, status: 'Paused' }), NONE)).toEqual({
      kind: 'other',
      type: 'Paused',
    });
  });

  it.each([get(''), get('foo=bar'), get('event=Hangup'), { ...get(''), url: '' }])(
    'finds no request of Ozonetel in %#',
    (request) => expect(ozonetellWebhook.parse(request, NONE)).toBeNull(),
  );
});
