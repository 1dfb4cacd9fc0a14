import { Understood } from '../core/call';
import { understandTexml } from './telnyx.texml';

const understood = (body: string, more: { status?: number; contentType?: string } = {}): Understood =>
  understandTexml({ status: 200, contentType: 'application/xml', text: body, ...more });
const response = (...verbs: string[]) => understood(`<Response>${verbs.join('')}</Response>`);
const stream = (attributes: string, inside = '') =>
  response(`<Connect><Stream ${attributes}>${inside}</Stream></Connect>`);

describe('understandTexml', () => {
  it('reads the documented examples', () => {
    // https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/reject
    const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
    expect(understood(`${declaration}<Response>\n    <Reject reason="busy"/>\n</Response>`)).toEqual({
      action: 'reject',
      reason: 'busy',
    });
    // https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/hangup
    expect(understood(`${declaration}<Response>\n    <Hangup/>\n</Response>`)).toEqual({ action: 'hangup' });
  });

  it('connects a stream with its parameters', () => {
    const attributes = 'url="wss://a.example.com/m?x=1&amp;y=2" track="inbound_track" bidirectionalMode="rtp"';
    expect(stream(`${attributes} bidirectionalCodec="PCMU"`, '<Parameter name="t" value="&lt;1&gt;"/>')).toEqual({
      action: 'stream',
      url: 'wss://a.example.com/m?x=1&y=2',
      parameters: { t: '<1>' },
    });
    expect(stream('url="ws://127.0.0.1:80/"')).toMatchObject({ action: 'stream' });
  });

  it('dials SIP addresses and numbers', () => {
    expect(response('<Dial callerId="+13125550142"><Sip>sip:agent@example.com</Sip></Dial>')).toEqual({
      action: 'sip',
      uri: 'sip:agent@example.com',
      caller_id: '+13125550142',
    });
    for (const inside of ['<Number>+13125550142</Number>', ' +13125550142 ']) {
      expect(response(`<Dial>${inside}</Dial>`)).toEqual({ action: 'dial', to: '+13125550142', caller_id: null });
    }
  });

  it('says and hangs up', () => {
    const said = { action: 'say', text: 'Hi & bye', language: 'en-GB' };
    expect(response('<Say language="en-GB">Hi &amp; bye</Say>')).toEqual(said);
    expect(response('<Say language="en-GB">Hi &amp; bye</Say>', '<Hangup/>')).toEqual(said);
    expect(response()).toEqual({ action: 'hangup' });
  });

  it('goes on to what follows speech', () => {
    expect(response('<Say>Wait</Say>', '<Pause/>', '<Dial>+13125550142</Dial>')).toMatchObject({ action: 'dial' });
  });

  it('rejects with the first verb only, later it hangs up', () => {
    expect(response('<Reject/>')).toEqual({ action: 'reject', reason: 'rejected' });
    expect(response('<Pause/>', '<Reject reason="busy"/>')).toEqual({ action: 'hangup' });
  });

  it.each([
    understood('<Response/>', { contentType: 'application/json' }),
    understood('<Response/>', { contentType: 'text/plain' }),
    understood('<Response/>', { contentType: '' }),
    understood('<Response/>', { status: 500 }),
    understood('<Response/>', { status: 302 }),
    understood(''),
    understood('<Response>'),
    understood('<Twiml/>'),
    understood('{"action":"hangup"}'),
    response('<Bogus/>'),
    response('<Hangup why="x"/>'),
    response('<Reject reason="tired"/>'),
    response('<Reject><Say>x</Say></Reject>'),
    response('<Say/>'),
    response('<Say>a<break/></Say>'),
    response('<Connect/>'),
    response('<Connect><Room/></Connect>'),
    stream(''),
    stream('url="https://a.example.com"'),
    stream('url="//a.example.com"'),
    stream('url="wss://a.example.com" track="both"'),
    stream('url="wss://a.example.com" bidirectionalMode="pcm"'),
    stream('url="wss://a.example.com" bidirectionalCodec="MP3"'),
    stream('url="wss://a.example.com" bidirectional="true"'),
    stream('url="wss://a.example.com"', '<Parameter name="a"/>'),
    stream('url="wss://a.example.com"', '<Header name="a" value="b"/>'),
    response('<Dial>13125550142</Dial>'),
    response('<Dial><Sip>agent@example.com</Sip></Dial>'),
    response('<Dial><Number>+13125550142</Number><Number>+13125550143</Number></Dial>'),
    response('<Dial><Queue>x</Queue></Dial>'),
  ])('takes for an error what Telnyx could not follow (%#)', (result) => {
    expect(result).toMatchObject({ action: 'invalid', error: expect.any(String) as string });
  });
});
