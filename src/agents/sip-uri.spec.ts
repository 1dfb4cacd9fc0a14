import { isSipUri } from './sip-uri';

// The first group are the examples of RFC 3261, section 19.1.3.
const VALID = [
  'sip:alice@atlanta.com',
  'sip:alice:secretword@atlanta.com;transport=tcp',
  'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
  'sip:+1-212-555-1212:1234@gateway.com;user=phone',
  'sips:1212@gateway.com',
  'sip:alice@192.0.2.4',
  'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
  'sip:alice;day=tuesday@atlanta.com',
  'SIP:pbx.example.com:5061',
  'sip:agent@[2001:db8::10]:5060',
];

const INVALID = [
  '',
  'sip:',
  'sip:@example.com',
  'tel:+12025551234',
  'https://example.com',
  'sip:alice@exa mple.com',
  'sip:alice@example.com\r\nRoute: x',
  'sip:alice@example.com"><Dial>',
  'sip:a@b@example.com',
  'sip:alice@-example.com',
  'sip:alice@example.com:123456',
  ' sip:alice@example.com',
];

describe('isSipUri', () => {
  it.each(VALID)('takes %s', (value) => expect(isSipUri(value)).toBe(true));
  it.each(INVALID)('refuses %j', (value) => expect(isSipUri(value)).toBe(false));
});
