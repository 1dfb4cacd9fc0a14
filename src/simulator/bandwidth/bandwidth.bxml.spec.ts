import { understandBxml } from './bandwidth.bxml';

const RINGING = { isRinging: true };
const ANSWERED = { isRinging: false };

describe('understandBxml', () => {
  const document = (verbs: string, contentType = 'application/xml') => ({
    status: 200,
    contentType,
    text: `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`,
  });
  const of = (verbs: string, call = RINGING) => understandBxml(document(verbs), call);
  const stream = (attributes = '', content = '') =>
    `<StartStream name="agent" mode="bidirectional" destination="wss://agent.example.com/ws?a=1&amp;b=2"${attributes}>${content}</StartStream>`;
  const WAIT = '<StopStream name="agent" wait="true"/>';
  const connected = { action: 'stream', url: 'wss://agent.example.com/ws?a=1&b=2', parameters: {} };
  const invalid = { action: 'invalid', error: expect.any(String) as string };

  it('holds the call for a stream that StopStream waits for, or a Pause', () => {
    expect(of(stream() + WAIT)).toEqual(connected);
    expect(of(`${stream()}<Pause duration="3600"/>`)).toEqual(connected);
    expect(of(`<SpeakSentence>Hello</SpeakSentence>${stream()}${WAIT}<Hangup/>`)).toEqual(connected);
    const param = '<StreamParam name="call" value="&lt;&quot;&apos;&amp;"/>';
    expect(of(stream('', param) + WAIT)).toEqual({ ...connected, parameters: { call: `<"'&` } });
    expect(of(`<StartStream name="agent" mode="bidirectional" destination="ws://127.0.0.1:1/"/>${WAIT}`)).toEqual({
      ...connected,
      url: 'ws://127.0.0.1:1/',
    });
  });

  it.each([
    ['nothing waits for', stream()],
    ['is stopped at once', `${stream()}<StopStream name="agent"/>`],
    ['another one is waited for', `${stream()}<StopStream name="other" wait="true"/>`],
    ['has no name to wait for', '<StartStream mode="bidirectional" destination="wss://a.example.com/"/>' + WAIT],
    ['is started after the wait', WAIT + stream()],
    ['is followed by Hangup', `${stream()}<Hangup/>${WAIT}`],
  ])('hangs up when the stream %s', (_what, verbs) => {
    expect(of(verbs)).toEqual({ action: 'hangup' });
  });

  it('rejects with Hangup first, or with nothing, as long as the call rings', () => {
    for (const verbs of [
      '<Hangup/>',
      '',
      '<Tag>t</Tag><Hangup/>',
      '<Ring answerCall="false" duration="5"/><Hangup/>',
    ]) {
      expect(of(verbs)).toEqual({ action: 'reject', reason: 'rejected' });
      expect(of(verbs, ANSWERED)).toEqual({ action: 'hangup' });
    }
    expect(of('<Pause duration="1"/><Hangup/>')).toEqual({ action: 'hangup' });
    expect(of('<Ring duration="5"/><Hangup/>')).toEqual({ action: 'hangup' });
    expect(understandBxml({ status: 204, contentType: '', text: '' }, RINGING)).toMatchObject({ action: 'reject' });
  });

  it('transfers to a SIP URI or a number, and forwards a call that rings', () => {
    const transfer = (target: string, attributes = '') => `<Transfer${attributes}>${target}</Transfer>`;
    const caller = ' transferCallerId="+19195551201"';
    expect(of(transfer('<SipUri uui="x;encoding=hex">sip:u@h.example.com;transport=tls</SipUri>', caller))).toEqual({
      action: 'sip',
      uri: 'sip:u@h.example.com;transport=tls',
      caller_id: '+19195551201',
    });
    expect(of(transfer('<PhoneNumber>+12025550123</PhoneNumber>'))).toEqual({
      action: 'dial',
      to: '+12025550123',
      caller_id: null,
    });
    expect(of('<Forward to="+12025550123"/>')).toMatchObject({ action: 'dial', to: '+12025550123' });
    for (const bad of [
      transfer(''),
      transfer('<PhoneNumber>2025550123</PhoneNumber>'),
      transfer('<SipUri>https://h.example.com</SipUri>'),
      transfer('<Number>+12025550123</Number>'),
      transfer('<PhoneNumber>+12025550123</PhoneNumber>', ' transferCallerId="me"'),
      '<Pause/><Forward to="+12025550123"/>',
      '<Forward to="me"/>',
    ]) {
      expect(of(bad)).toEqual(invalid);
    }
  });

  it('speaks', () => {
    expect(of('<SpeakSentence voice="julie" locale="en_US">1 &lt; 2 &amp; 3 😀</SpeakSentence><Hangup/>')).toEqual({
      action: 'say',
      text: '1 < 2 & 3 😀',
      language: 'en_US',
    });
    expect(of('<SpeakSentence>One.</SpeakSentence><SpeakSentence>Two.</SpeakSentence>')).toEqual({
      action: 'say',
      text: 'One. Two.',
      language: null,
    });
  });

  const params = (count: number, value = 'v') =>
    Array.from({ length: count }, (_, index) => `<StreamParam name="p${index}" value="${value}"/>`).join('');

  it('has limits', () => {
    expect(of(stream('', params(12, 'v'.repeat(2048))) + WAIT)).toMatchObject({ action: 'stream' });
    expect(of(stream('', params(13)) + WAIT)).toEqual(invalid);
    expect(of(stream('', params(1, 'v'.repeat(2049))) + WAIT)).toEqual(invalid);
    expect(of(stream('', `<StreamParam name="${'n'.repeat(257)}" value=""/>`) + WAIT)).toEqual(invalid);
    expect(of(`<SpeakSentence>${'x'.repeat(65_536)}</SpeakSentence>`)).toEqual(invalid);
  });

  it.each([
    ['an unknown verb', '<Say>Hello</Say>'],
    ['another case', '<hangup/>'],
    ['an unknown attribute', stream(' track="both"') + WAIT],
    ['an unknown mode', '<StartStream name="agent" mode="both" destination="wss://a.example.com/"/>' + WAIT],
    ['a one-way stream', '<StartStream name="agent" destination="wss://a.example.com/"/>' + WAIT],
    ['no destination', '<StartStream name="agent" mode="bidirectional"/>' + WAIT],
    [
      'a destination of HTTP',
      '<StartStream name="agent" mode="bidirectional" destination="https://a.example.com/"/>' + WAIT,
    ],
    ['a name twice', stream() + stream() + WAIT],
    ['StopStream without a name', `${stream()}<StopStream wait="true"/>`],
    ['a wait that is neither', `${stream()}<StopStream name="agent" wait="yes"/>`],
    ['content where none belongs', '<Hangup>now</Hangup>'],
    ['nothing to say', '<SpeakSentence/>'],
    ['text that breaks out', '<SpeakSentence>a < b</SpeakSentence>'],
    ['a verb that is not simulated', '<Gather/>'],
  ])('refuses %s', (_what, verbs) => {
    expect(of(verbs)).toEqual(invalid);
  });

  it.each([
    ['another content type', document('<Hangup/>', 'text/html')],
    ['JSON', document('<Hangup/>', 'application/json')],
    ['no content type', document('<Hangup/>', '')],
    ['an error', { ...document('<Hangup/>'), status: 500 }],
    ['a redirect', { ...document('<Hangup/>'), status: 302 }],
    ['another root', { status: 200, contentType: 'application/xml', text: '<response/>' }],
    ['no XML', { status: 200, contentType: 'application/xml', text: 'Hello' }],
    ['nothing', { status: 200, contentType: 'application/xml', text: '' }],
  ])('refuses %s', (_what, answer) => {
    expect(understandBxml(answer, RINGING)).toEqual(invalid);
  });

  it('takes a charset and the root Bxml', () => {
    expect(understandBxml(document('<Hangup/>', 'application/xml; charset=utf-8'), ANSWERED)).toEqual({
      action: 'hangup',
    });
    const bxml = { status: 200, contentType: 'application/xml', text: '<Bxml><Hangup/></Bxml>' };
    expect(understandBxml(bxml, ANSWERED)).toEqual({ action: 'hangup' });
  });
});
