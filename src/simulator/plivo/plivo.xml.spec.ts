import { Understood } from '../core/call';
import { understandPlivoXml } from './plivo.xml';

const XML = '<?xml version="1.0" encoding="UTF-8"?>';

interface Given {
  readonly status?: number;
  readonly contentType?: string;
  readonly isAnswered?: boolean;
}

function understand(
  inner: string,
  { status = 200, contentType = 'text/xml', isAnswered = false }: Given = {},
): Understood {
  const text = inner.startsWith('<?xml') || inner === '' ? inner : `${XML}<Response>${inner}</Response>`;
  return understandPlivoXml({ status, contentType, text }, isAnswered);
}

const fault = (inner: string, given?: Given) => {
  const understood = understand(inner, given);
  return understood.action === 'invalid' ? understood.error : understood;
};

describe('understandPlivoXml', () => {
  it('reads a stream both ways, whose URL is its text', () => {
    const attributes = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
    expect(
      understand(`<Stream ${attributes} extraHeaders="callId=abc1,agent=7">wss://host/media?a=1&amp;b=2</Stream>`),
    ).toEqual({ action: 'stream', url: 'wss://host/media?a=1&b=2', parameters: { callId: 'abc1', agent: '7' } });
  });

  it('does not wait for a stream that goes one way, or is not to be waited for', () => {
    expect(understand('<Stream>wss://host/media</Stream>')).toEqual({ action: 'hangup' });
    expect(understand('<Stream bidirectional="true">wss://host/media</Stream><Speak>Bye</Speak>')).toMatchObject({
      action: 'say',
      text: 'Bye',
    });
  });

  it.each([
    ['<Stream bidirectional="true" keepCallAlive="true">https://host/media</Stream>', 'no WebSocket URL'],
    ['<Stream url="wss://host/media"/>', 'no attribute "url"'],
    ['<Stream bidirectional="true" audioTrack="both">wss://host</Stream>', 'inbound track only'],
    ['<Stream contentType="audio/opus">wss://host</Stream>', 'no content type'],
    ['<Stream extraHeaders="call_id=1">wss://host</Stream>', 'cannot hold "call_id=1"'],
    ['<Stream extraHeaders="a=1;b=2">wss://host</Stream>', 'cannot hold'],
    [`<Stream extraHeaders="a=${'1'.repeat(511)}">wss://host</Stream>`, 'more than 512 bytes'],
  ])('refuses %s', (inner, reason) => expect(fault(inner)).toContain(reason));

  it('dials a SIP URI or a number, written with or without +', () => {
    expect(understand('<Dial callerId="14155550123"><User>sip:agent@host:5061;transport=tls</User></Dial>')).toEqual({
      action: 'sip',
      uri: 'sip:agent@host:5061;transport=tls',
      caller_id: '+14155550123',
    });
    const dial = { action: 'dial', to: '+442079460958', caller_id: null };
    expect(understand('<Dial><Number>442079460958</Number></Dial>')).toEqual(dial);
    expect(understand('<Dial><Number>+442079460958</Number></Dial>')).toEqual(dial);
  });

  it.each([
    ['<Dial>442079460958</Dial>', 'one <User> or one <Number>'],
    ['<Dial><Number></Number></Dial>', 'no number'],
    ['<Dial><Sip>sip:a@b</Sip></Dial>', 'no <Sip>'],
    ['<Dial answerOnBridge="true"><User>sip:a@b</User></Dial>', 'no attribute'],
    ['<Dial><User>agent@host</User></Dial>', 'no SIP URI'],
  ])('refuses %s', (inner, reason) => expect(fault(inner)).toContain(reason));

  it('speaks', () => {
    expect(understand('<Speak language="de-DE" voice="WOMAN">Grüße &amp; &lt;mehr&gt; 🙂</Speak>')).toEqual({
      action: 'say',
      text: 'Grüße & <mehr> 🙂',
      language: 'de-DE',
    });
    expect(understand('<Speak voice="Polly.Aditi" language="hi-IN">a</Speak><Wait/><Speak>b</Speak><Hangup/>')).toEqual(
      {
        action: 'say',
        text: 'a b',
        language: 'hi-IN',
      },
    );
  });

  it.each([
    ['<Speak language="xx-XX">a</Speak>', 'no language'],
    ['<Speak voice="alice">a</Speak>', 'no voice'],
    ['<Speak></Speak>', 'no text'],
    ['<Say>a</Say>', 'no element <Say>'],
    ['<Reject/>', 'no element <Reject>'],
    ['<speak>a</speak>', 'no element <speak>'],
  ])('refuses %s', (inner, reason) => expect(fault(inner)).toContain(reason));

  it('rejects by a hangup that comes first, unless the call was answered before', () => {
    expect(understand('<Hangup reason="busy"/>')).toEqual({ action: 'reject', reason: 'busy' });
    expect(understand('<Hangup/>')).toEqual({ action: 'reject', reason: 'rejected' });
    expect(understand('<Hangup reason="busy"/>', { isAnswered: true })).toEqual({ action: 'hangup' });
    expect(understand('<Wait/><Hangup reason="busy"/>')).toEqual({ action: 'hangup' });
    expect(fault('<Hangup reason="closed"/>')).toContain('no reason');
  });

  it('ends a call with nothing more to do', () => {
    expect(understand('')).toMatchObject({ action: 'invalid' });
    expect(understand(`${XML}<Response/>`)).toEqual({ action: 'hangup' });
  });

  it('tells an answer that is none from one that is not understood', () => {
    expect(fault('<Speak>a</Speak>', { status: 404 })).toMatch(/^7011 /);
    expect(fault('<Speak>a</Speak>', { contentType: 'application/json' })).toMatch(/^8011 /);
    expect(understand('<Speak>a</Speak>', { contentType: 'application/xml; charset=utf-8' }).action).toBe('say');
    expect(fault(`${XML}<Response>`)).toMatch(/^8011 /);
    expect(fault(`${XML}<Answer/>`)).toMatch(/^8011 /);
    expect(fault(`<?xml version="1.0"?><Response><Speak>${'a'.repeat(102_400)}</Speak></Response>`)).toContain(
      '100 kB',
    );
  });
});
