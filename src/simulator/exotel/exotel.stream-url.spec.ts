import { streamFault, understandStream } from './exotel.stream-url';

const answer = (text: string, status = 200, contentType = 'application/json; charset=utf-8') =>
  understandStream({ status, contentType, text });
const url = (value: unknown) => answer(JSON.stringify({ url: value }));

describe('the answer for a Voicebot applet', () => {
  it('names the WebSocket, and what its start message will carry', () => {
    expect(url('wss://agent.example.com/media?sample-rate=16000&call=c%201&x=y')).toEqual({
      action: 'stream',
      url: 'wss://agent.example.com/media?sample-rate=16000&call=c%201&x=y',
      parameters: { call: 'c 1', x: 'y' },
    });
    expect(url('wss://user:secret@agent.example.com/')).toMatchObject({ action: 'stream', parameters: {} });
    expect(url('ws://127.0.0.1:5001/media')).toMatchObject({ action: 'stream' });
  });

  it.each([
    ['https://agent.example.com/'],
    ['agent.example.com'],
    [''],
    [7],
    [null],
    ['wss://a/?sample-rate=44100'],
    ['wss://a/?sample-rate=8000&sample-rate=8000'],
    ['wss://a/?a=1&b=2&c=3&d=4'],
  ])('may not be %j', (value) => expect(url(value)).toMatchObject({ action: 'invalid' }));

  it('has three parameters and 256 characters for them, the sample rate apart', () => {
    expect(streamFault('wss://a/?sample-rate=8000&a=1&b=2&c=3')).toBeUndefined();
    // "a=" and 254 characters are 256.
    expect(streamFault(`wss://a/?sample-rate=8000&a=${'v'.repeat(254)}`)).toBeUndefined();
    expect(streamFault(`wss://a/?a=${'v'.repeat(255)}`)).toContain('256');
  });

  it.each([
    ['{"url":"wss://a/"}', 204, 'application/json'],
    ['{"url":"wss://a/"}', 302, 'application/json'],
    ['{"url":"wss://a/"}', 200, 'text/plain'],
    ['{"url":"wss://a/"}', 200, ''],
    ['wss://a/', 200, 'application/json'],
    ['[]', 200, 'application/json'],
    ['{"URL":"wss://a/"}', 200, 'application/json'],
  ])('may not be %s with %i as %j', (text, status, contentType) =>
    expect(answer(text, status, contentType)).toMatchObject({ action: 'invalid' }),
  );
});
