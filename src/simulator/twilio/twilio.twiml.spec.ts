import { ReceivedAnswer, Understood } from '../core/call';
import { understandTwiml } from './twilio.twiml';

const OURS = '+15105647903';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

const understand = (inside: string, answer: Partial<ReceivedAnswer> = {}): Understood =>
  understandTwiml(
    { status: 200, contentType: 'text/xml', text: `${DECLARATION}<Response>${inside}</Response>`, ...answer },
    ['+14158675309', OURS],
  );
const faultOf = (understood: Understood) =>
  understood.action === 'invalid' ? understood.error.slice(0, 5) : understood;

describe('understandTwiml', () => {
  // Documents as https://www.twilio.com/docs/voice/twiml shows them for each verb.
  it.each<[string, Understood]>([
    [
      '<Connect><Stream url="wss://mystream.ngrok.io/audiostream"/></Connect>',
      { action: 'stream', url: 'wss://mystream.ngrok.io/audiostream', parameters: {} },
    ],
    [
      '<Connect><Stream url="wss://a.example/s"><Parameter name="A" value="1 &lt; 2"/><Parameter name="B" value=""/></Stream></Connect>',
      { action: 'stream', url: 'wss://a.example/s', parameters: { A: '1 < 2', B: '' } },
    ],
    [
      '<Connect><Stream url="ws://127.0.0.1:9/s"/></Connect>',
      { action: 'stream', url: 'ws://127.0.0.1:9/s', parameters: {} },
    ],
    ['<Dial>+442071838750</Dial>', { action: 'dial', to: '+442071838750', caller_id: null }],
    [
      `<Dial answerOnBridge="true" callerId="${OURS}"><Number>+442071838750</Number></Dial>`,
      { action: 'dial', to: '+442071838750', caller_id: OURS },
    ],
    ['<Dial><Sip>sip:jack@example.com</Sip></Dial>', { action: 'sip', uri: 'sip:jack@example.com', caller_id: null }],
    [
      '<Dial callerId="agent_7"><Sip>\n  sip:jack@example.com;transport=tls?x-a=1\n</Sip></Dial>',
      { action: 'sip', uri: 'sip:jack@example.com;transport=tls?x-a=1', caller_id: 'agent_7' },
    ],
    ['<Say>Hello</Say>', { action: 'say', text: 'Hello', language: null }],
    [
      '<Say voice="Polly.Aditi" language="hi-IN">A &amp; B</Say><Pause length="1"/><Say>C</Say>',
      { action: 'say', text: 'A & B C', language: 'hi-IN' },
    ],
    ['<Say>One moment</Say><Dial>+442071838750</Dial>', { action: 'dial', to: '+442071838750', caller_id: null }],
    ['<Reject/>', { action: 'reject', reason: 'rejected' }],
    ['<Reject reason="busy"/>', { action: 'reject', reason: 'busy' }],
    ['<Hangup/>', { action: 'hangup' }],
    ['', { action: 'hangup' }],
  ])('follows %s', (document, understood) => {
    expect(understand(document)).toEqual(understood);
  });

  it('opens the stream without the query of its URL', () => {
    expect(understand('<Connect><Stream url="wss://a.example/s?call=1&amp;b=2#x"/></Connect>')).toMatchObject({
      url: 'wss://a.example/s',
    });
  });

  // Codes: the pages https://www.twilio.com/docs/api/errors/{12200,13214,13224,13243,31922,31941}
  it.each([
    ['<Foo/>', '12200'],
    ['<say>Hello</say>', '12200'],
    ['<Play>https://a.example/x.mp3</Play>', '12200'],
    ['<Say>Hello</Say><Reject/>', '12200'],
    ['<Reject reason="no"/>', '12200'],
    ['<Reject><Say>No</Say></Reject>', '12200'],
    ['<Say langauge="en-US">Hello</Say>', '12200'],
    ['<Say language="English">Hello</Say>', '12200'],
    [`<Say>${'x'.repeat(4097)}</Say>`, '12200'],
    ['<Connect/>', '12200'],
    ['<Connect><Room>x</Room></Connect>', '12200'],
    ['<Connect><Stream url="https://a.example/"/></Connect>', '31922'],
    ['<Connect><Stream/></Connect>', '31922'],
    ['<Connect><Stream url="wss://a.example" track="both_tracks"/></Connect>', '31941'],
    ['<Connect><Stream url="wss://a.example"><Parameter name="a"/></Stream></Connect>', '12200'],
    [
      `<Connect><Stream url="wss://a.example"><Parameter name="a" value="${'x'.repeat(499)}"/></Stream></Connect>`,
      '12200',
    ],
    ['<Connect><Stream url="wss://a.example"><Param/></Stream></Connect>', '12200'],
    ['<Dial/>', '13224'],
    ['<Dial>02071838750</Dial>', '13224'],
    ['<Dial callerId="+19995550100">+442071838750</Dial>', '13214'],
    ['<Dial><Client>x</Client></Dial>', '12200'],
    ['<Dial><Sip>sip:a@b.example</Sip><Number>+442071838750</Number></Dial>', '12200'],
    ['<Dial><Sip>jack@example.com</Sip></Dial>', '13243'],
    [`<Dial><Sip>sip:${'x'.repeat(300)}@example.com</Sip></Dial>`, '13243'],
    ['<Dial callerId="a b"><Sip>sip:jack@example.com</Sip></Dial>', '13214'],
  ])('does not follow %s', (document, code) => {
    expect(faultOf(understand(document))).toBe(code);
  });

  // Codes: the pages https://www.twilio.com/docs/api/errors/{11200,11750,12100,12300}
  it.each([
    [{ status: 404 }, '11200'],
    [{ status: 302 }, '11200'],
    [{ contentType: '' }, '12300'],
    [{ contentType: 'application/json' }, '12300'],
    [{ contentType: 'text/plain' }, '12300'],
    [{ text: '<Response><Say>Hello</Response>' }, '12100'],
    [{ text: '<Answer/>' }, '12100'],
    [{ text: '' }, '12100'],
    [{ text: `\n${DECLARATION}<Response/>` }, '12100'],
    [{ text: `<Response>${' '.repeat(65_536)}</Response>` }, '11750'],
  ])('takes no answer with %j', (answer, code) => {
    expect(faultOf(understand('<Say>Hello</Say>', answer))).toBe(code);
  });

  it.each(['text/xml', 'text/xml; charset=utf-8', 'application/xml', 'Application/XML;charset=UTF-8'])(
    'takes %s for TwiML',
    (contentType) => {
      expect(understand('<Hangup/>', { contentType })).toEqual({ action: 'hangup' });
    },
  );
});
