import { understandKooKoo } from './ozonetell.kookoo';

const ACCOUNT = { extensions: ['1234567'], hasRoom: () => true };

describe('understandKooKoo', () => {
  const answer = (text: string, contentType = 'text/xml') => ({ status: 200, contentType, text });
  const document = (verbs: string) => answer(`<?xml version="1.0" encoding="UTF-8"?><response>${verbs}</response>`);
  const of = (verbs: string, account = ACCOUNT) => understandKooKoo(document(verbs), account).understood;
  const stream = (attributes = '', extension = '1234567') =>
    `<start-record/><stream is_sip="true" url="wss://agent.example.com/ws?a=1&amp;b=2"${attributes}>${extension}</stream>`;
  const invalid = { action: 'invalid', error: expect.any(String) as string };

  it('connects a stream to the extension of the account, with x-uui for parameters', () => {
    const url = 'wss://agent.example.com/ws?a=1&b=2';
    expect(understandKooKoo(document(stream()), ACCOUNT)).toEqual({
      understood: { action: 'stream', url, parameters: {} },
      extension: '1234567',
    });
    const uui = ` x-uui='{"sid":"21275806501458167","n":1,"t":"&lt;&amp;\\u0027\\""}'`;
    expect(of(stream(uui))).toEqual({
      action: 'stream',
      url,
      parameters: { sid: '21275806501458167', n: '1', t: `<&'"` },
    });
    expect(of(stream(' moh="silence"'))).toMatchObject({ action: 'stream' });
  });

  it('refuses the fourth stream of an extension before a WebSocket is opened', () => {
    expect(of(stream(), { ...ACCOUNT, hasRoom: () => false })).toEqual({ action: 'reject', reason: 'busy' });
  });

  it('dials digits, speaks and hangs up', () => {
    expect(of('<dial record="true">09123456789</dial>')).toEqual({
      action: 'dial',
      to: '+919123456789',
      caller_id: null,
    });
    expect(of('<dial>919123456789</dial>')).toMatchObject({ to: '+919123456789' });
    expect(of('<dial>12025550123</dial>')).toMatchObject({ to: '+12025550123' });
    expect(of('<playtext lang="en-IN" speed="3" type="ggl">1 &lt; 2 😀</playtext><hangup/>')).toEqual({
      action: 'say',
      text: '1 < 2 😀',
      language: 'en-IN',
    });
    expect(of('<hangup/>')).toEqual({ action: 'hangup' });
    expect(
      understandKooKoo(answer('<response><hangup/></response>', 'application/xml; charset=utf-8'), ACCOUNT),
    ).toEqual({ understood: { action: 'hangup' }, extension: null });
  });

  it.each([
    ['a stream that is not SIP', '<stream url="wss://agent.example.com/">1234567</stream>'],
    ['a stream of HTTP', '<stream is_sip="true" url="https://agent.example.com/">1234567</stream>'],
    ['a stream without an extension', stream('', '')],
    ['an extension of somebody else', stream('', '7654321')],
    ['x-uui that is no JSON', stream(' x-uui="sid=1"')],
    ['x-uui that is no object', stream(' x-uui="[1]"')],
    ['a SIP URI to dial', '<dial>sip:user@host.example.com</dial>'],
    ['a plus sign', '<dial>+919123456789</dial>'],
    ['nothing to say', '<playtext/><hangup/>'],
    ['a call that is left hanging', '<playtext>Hello</playtext>'],
    ['nothing', ''],
    ['an unknown element', '<reject/>'],
    ['an element that is not simulated', '<cctransfer>Sales</cctransfer>'],
  ])('refuses %s', (_what, verbs) => {
    expect(of(verbs)).toEqual(invalid);
  });

  it.each([
    ['another content type', answer('<response><hangup/></response>', 'text/html')],
    ['another root', answer('<Response><hangup/></Response>')],
    ['no XML', answer('OK')],
    ['an error', { ...document('<hangup/>'), status: 404 }],
    ['no content', { ...document('<hangup/>'), status: 204 }],
  ])('refuses %s', (_what, given) => {
    expect(understandKooKoo(given, ACCOUNT).understood).toEqual(invalid);
  });
});
