import { callIdOfUrl, withCallId } from './call-url';

const CALL = 'call_01kawgyqr4e3v9m2t5x8b7c6dn';

describe('callIdOfUrl', () => {
  it('finds the call that a URL was told for', () => {
    expect(callIdOfUrl(withCallId('https://patchbay.example/inbound/twilio/key', CALL))).toBe(CALL);
    expect(callIdOfUrl(`https://patchbay.example/inbound/plivo/key?CallUUID=1&call_id=${CALL}&From=1`)).toBe(CALL);
  });

  it.each([
    'https://patchbay.example/inbound/twilio/key',
    'https://patchbay.example/inbound/twilio/key?',
    'https://patchbay.example/inbound/twilio/key?call_id=',
    'https://patchbay.example/inbound/twilio/key?call_id=1',
    `https://patchbay.example/inbound/twilio/key?call=${CALL}`,
    `https://patchbay.example/inbound/twilio/${CALL}`,
  ])('finds none in %s', (url) => {
    expect(callIdOfUrl(url)).toBeNull();
  });
});
