import { basicAuth } from './basic-auth';

// Both examples are those of https://www.rfc-editor.org/rfc/rfc7617#section-2
describe('basicAuth', () => {
  it('encodes user and password', () => {
    expect(basicAuth('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  });

  it('encodes in UTF-8', () => {
    expect(basicAuth('test', '123£')).toBe('Basic dGVzdDoxMjPCow==');
  });
});
