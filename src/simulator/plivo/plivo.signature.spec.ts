import { validateV3Signature } from 'plivo';
import { signatureHeaders, signedText } from './plivo.signature';

const PARAMETERS = { CallUUID: 'abc-1', From: '14155550100', To: '14155550123', CallStatus: 'ringing' };

describe('signedText', () => {
  // What Plivo's SDK signs, by its `v3Security.js`.
  it.each([
    [
      'POST',
      'https://example.com/answer?agent=7&b=x',
      PARAMETERS,
      'https://example.com/answer?agent=7&b=x.CallStatusringingCallUUIDabc-1From14155550100To14155550123',
    ],
    [
      'POST',
      'https://example.com/answer',
      { CallUUID: 'abc-1', From: '14155550100' },
      'https://example.com/answer?CallUUIDabc-1From14155550100',
    ],
    ['GET', 'https://example.com/answer?z=1&CallUUID=abc-1', {}, 'https://example.com/answer?CallUUID=abc-1&z=1'],
    ['GET', 'https://example.com/answer', {}, 'https://example.com/answer'],
    ['POST', 'http://127.0.0.1:8080/a?q=%2B1%26', {}, 'http://127.0.0.1:8080/a?q=+1&'],
    // Not asked of the SDK below: it knows lists by the `Array` of its own realm, of which there are two under this runner.
    ['POST', 'https://example.com/in?b=2&a=1&a=0', { X: '1' }, 'https://example.com/in?a=0&a=1&b=2.X1'],
  ] as const)('of %s %s', (method, url, parameters, expected) => {
    expect(signedText({ method, url, parameters })).toBe(expected);
  });
});

describe('signatureHeaders', () => {
  it.each([
    ['POST', 'https://example.com/in/plivo/key', { ...PARAMETERS, CallerName: 'Zoë & <Co>' }],
    ['POST', 'https://example.com/in/plivo/key?b=2&a=1&c=%26%3D', PARAMETERS],
    ['GET', 'https://example.com/in?z=1&From=14155550100&CallUUID=abc', {}],
  ] as const)('are accepted by the SDK: %s %s', (method, url, parameters) => {
    const headers = signatureHeaders({ method, url, parameters }, { own: 'sub_token', main: 'main_token' });
    const nonce = headers['X-Plivo-Signature-V3-Nonce'] ?? '';
    expect(nonce).toMatch(/^\d{20}$/);
    const accepts = (token: string, signature: string | undefined) =>
      validateV3Signature(method, url, nonce, token, signature ?? '', { ...parameters });
    expect(accepts('sub_token', headers['X-Plivo-Signature-V3'])).toBe(true);
    expect(accepts('main_token', headers['X-Plivo-Signature-Ma-V3'])).toBe(true);
    expect(accepts('main_token', headers['X-Plivo-Signature-V3'])).toBe(false);
  });
});
