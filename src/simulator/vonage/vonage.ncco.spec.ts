import { understandNcco } from './vonage.ncco';

const read = (ncco: unknown, contentType = 'application/json', status = 200) =>
  understandNcco({ status, contentType, text: typeof ncco === 'string' ? ncco : JSON.stringify(ncco) });

const websocket = (more: object = {}) => ({
  type: 'websocket',
  uri: 'wss://example.com/socket',
  'content-type': 'audio/l16;rate=16000',
  ...more,
});
const connect = (endpoint: unknown, more: object = {}) => ({ action: 'connect', endpoint: [endpoint], ...more });

describe('an NCCO', () => {
  // The example of https://developer.vonage.com/en/voice/voice-api/concepts/websockets
  it('connects a WebSocket, whose headers may be of any kind', () => {
    const headers = { name: 'J Doe', age: 40, address: { line_1: 'Apartment 14' }, enable_auditing: false };
    expect(read([connect(websocket({ headers }))])).toEqual({
      action: 'stream',
      url: 'wss://example.com/socket',
      parameters: { name: 'J Doe', age: '40', address: '{"line_1":"Apartment 14"}', enable_auditing: 'false' },
    });
  });

  it('connects ws: as well, as tests on one machine need it', () => {
    expect(read([connect(websocket({ uri: 'ws://127.0.0.1:9/m' }))])).toMatchObject({ action: 'stream' });
  });

  it('connects SIP, a phone, and shows the caller', () => {
    const sip = { type: 'sip', uri: 'sip:rebekka@sip.example.com;transport=tls', headers: { location: 'x' } };
    expect(read([connect(sip)])).toEqual({ action: 'sip', uri: sip.uri, caller_id: null });
    expect(read([connect({ type: 'phone', number: '447700900001' }, { from: '447700900000' })])).toEqual({
      action: 'dial',
      to: '+447700900001',
      caller_id: '+447700900000',
    });
  });

  it('speaks, unless it connects afterwards', () => {
    const talk = { action: 'talk', text: 'Hello <&"\'> 😀', language: 'en-GB', style: 0 };
    expect(read([talk])).toEqual({ action: 'say', text: 'Hello <&"\'> 😀', language: 'en-GB' });
    expect(read([talk, connect(websocket())])).toMatchObject({ action: 'stream' });
  });

  it('ends the call where there is nothing more to do', () => {
    expect(read([])).toEqual({ action: 'hangup' });
    expect(read([{ action: 'record' }])).toEqual({ action: 'hangup' });
  });

  it('takes 512 bytes of headers, and not one more', () => {
    // {"k":""} has 8 bytes; é has two of them.
    const fit = { k: 'é'.repeat(252) };
    expect(read([connect(websocket({ headers: fit }))])).toMatchObject({ parameters: fit });
    expect(read([connect(websocket({ headers: { k: `${fit.k}x` } }))])).toEqual({
      action: 'invalid',
      error: 'headers have 513 bytes, more than 512',
    });
  });

  it('takes 1,500 characters of text, tags not counted', () => {
    const talk = (text: string) => read([{ action: 'talk', text }]).action;
    expect(talk(`<speak>${'😀'.repeat(1500)}</speak>`)).toBe('say');
    expect(talk('x'.repeat(1501))).toBe('invalid');
  });

  it.each([
    ['no array', { action: 'talk', text: 'x' }],
    ['no JSON', '[{'],
    ['no object inside', ['talk']],
    // https://developer.vonage.com/en/voice/voice-api/ncco-reference names no such action.
    ['hangup', [{ action: 'hangup' }]],
    ['an endpoint outside an array', [{ action: 'connect', endpoint: websocket() }]],
    ['two endpoints', [{ action: 'connect', endpoint: [websocket(), websocket()] }]],
    ['no endpoint', [{ action: 'connect', endpoint: [] }]],
    ['an unknown endpoint', [connect({ type: 'carrier-pigeon' })]],
    ['https for wss', [connect(websocket({ uri: 'https://example.com/socket' }))]],
    ['no content type of the audio', [connect({ type: 'websocket', uri: 'wss://example.com' })]],
    ['mu-law', [connect(websocket({ 'content-type': 'audio/x-mulaw;rate=8000' }))]],
    ['a list of headers', [connect(websocket({ headers: ['x'] }))]],
    ['a number with +', [connect({ type: 'phone', number: '+447700900001' })]],
    ['a caller with +', [connect(websocket(), { from: '+447700900001' })]],
    ['no SIP URI', [connect({ type: 'sip', uri: 'rebekka@sip.example.com' })]],
    ['an eventUrl outside an array', [connect(websocket(), { eventUrl: 'https://example.com/' })]],
    ['no text', [{ action: 'talk' }]],
    ['a fault behind what is right', [connect(websocket()), { action: 'talk', text: '' }]],
  ])('is refused with %s', (_what, ncco) => {
    expect(read(ncco).action).toBe('invalid');
  });

  it('has to be JSON by its content type, and a 200', () => {
    expect(read([], 'application/json; charset=utf-8').action).toBe('hangup');
    expect(read([], 'text/html')).toEqual({ action: 'invalid', error: 'content type text/html' });
    expect(read([], '')).toEqual({ action: 'invalid', error: 'content type missing' });
    expect(read([], 'application/json', 201)).toEqual({ action: 'invalid', error: 'HTTP 201' });
  });
});
