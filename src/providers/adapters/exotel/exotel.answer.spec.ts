import type { Answer } from '../../contract/answer';
import { exotelAnswer } from './exotel.answer';
import { ExotelCredentials } from './exotel.credentials';
import { streamUrl } from './exotel.stream';

const CONTEXT = { credentials: new ExotelCredentials(), providerCallId: 'c', from: null, to: null };

const rendered = (answer: Answer) => {
  const { contentType, body } = exotelAnswer.render(answer, CONTEXT);
  return [contentType, contentType === 'application/json' ? (JSON.parse(body) as unknown) : body];
};

describe('exotelAnswer', () => {
  // https://developer.exotel.com/docs/agentstream/stream-voicebot-applet
  it('names the WebSocket', () => {
    const answer: Answer = { kind: 'stream', url: 'wss://streamhandler.yourdomain.com', parameters: {} };
    expect(rendered(answer)).toEqual(['application/json', { url: 'wss://streamhandler.yourdomain.com' }]);
  });

  // https://support.exotel.com/support/solutions/articles/3000096873
  it('names a number to the Connect applet', () => {
    expect(rendered({ kind: 'dial', to: '+919876543210', callerId: '+911139585476' })).toEqual([
      'application/json',
      {
        fetch_after_attempt: false,
        destination: { numbers: ['+919876543210'] },
        outgoing_phone_number: '+911139585476',
      },
    ]);
    expect(rendered({ kind: 'dial', to: '+919876543210', callerId: null })).toEqual([
      'application/json',
      { fetch_after_attempt: false, destination: { numbers: ['+919876543210'] } },
    ]);
  });

  it.each([
    ['sip:trunk-2134', { trunk: 'trunk-2134' }],
    // A SIP address in `numbers` would be dropped without a word.
    ['sip:agent@sip.example.com', { numbers: [] }],
    ['sip:sip.example.com', { numbers: [] }],
    ['sips:trunk-2134', { numbers: [] }],
  ])('dials of SIP addresses only trunks: %s', (uri, destination) => {
    expect(rendered({ kind: 'sip', uri, callerId: null })).toEqual([
      'application/json',
      { fetch_after_attempt: false, destination },
    ]);
  });

  it('gives a text to the Greeting applet, unharmed', () => {
    const text = `<&"'> 😀 {"url":"wss://evil.example"}`;
    expect(rendered({ kind: 'say', text, language: 'en' })).toEqual(['text/plain; charset=utf-8', text]);
  });

  it('dials nobody where the call is rejected', () => {
    expect(rendered({ kind: 'reject', reason: 'busy' })).toEqual([
      'application/json',
      { fetch_after_attempt: false, destination: { numbers: [] } },
    ]);
  });
});

describe('streamUrl', () => {
  const url = (base: string, parameters: Record<string, string>, max?: number) =>
    streamUrl({ kind: 'stream', url: base, parameters }, max);

  it('puts at most three parameters into the query', () => {
    expect(url('wss://a.example/ws', { a: '1', b: '2', c: '3', d: '4' })).toBe('wss://a.example/ws?a=1&b=2&c=3');
  });

  it("counts the agent's own, but not the sample rate, and changes none", () => {
    expect(url('wss://a.example/ws?sample-rate=16000&x=%7e+y', { a: '1', b: '2', c: '3' })).toBe(
      'wss://a.example/ws?sample-rate=16000&x=%7e+y&a=1&b=2',
    );
    expect(url('wss://a.example/ws?p&q&r&s', { a: '1' })).toBe('wss://a.example/ws?p&q&r&s');
  });

  it('counts nothing between two separators', () => {
    expect(url('wss://a.example/ws?&&x=1', { a: '1', b: '2', c: '3' })).toBe('wss://a.example/ws?&&x=1&a=1&b=2');
  });

  it('keeps the query within 256 characters', () => {
    expect(url('wss://a.example/ws', { a: 'x'.repeat(254) })).toBe(`wss://a.example/ws?a=${'x'.repeat(254)}`);
    expect(url('wss://a.example/ws', { a: 'x'.repeat(255), b: '2' })).toBe('wss://a.example/ws');
  });

  it('lets no parameter break out', () => {
    expect(url('wss://a.example/ws', { 'a&b': '"1#2?3=4/\uD800' })).toBe(
      'wss://a.example/ws?a%26b=%221%232%3F3%3D4%2F%EF%BF%BD',
    );
  });

  it('keeps the whole within the limit that is given', () => {
    expect(url('wss://a.example/ws', { a: '1', b: '2' }, 24)).toBe('wss://a.example/ws?a=1');
  });
});
