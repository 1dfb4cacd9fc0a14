import type { WebhookRequest } from '../contract/webhook';
import { RequestFields, wholeSeconds } from './request-fields';

const request = (url: string, contentType?: string, body = ''): WebhookRequest => ({
  method: body === '' ? 'GET' : 'POST',
  url,
  headers: { 'content-type': contentType },
  rawBody: Buffer.from(body),
});
const HERE = 'https://voice.example.com/inbound/x';

describe('RequestFields', () => {
  it.each([
    ['a query', request(`${HERE}?CallSid=ab%2B1&From=%2B919876543210`)],
    ['a form', request(HERE, 'application/x-www-form-urlencoded', 'CallSid=ab%2B1&From=%2B919876543210')],
    ['JSON', request(HERE, 'application/json; charset=utf-8', '{"CallSid":"ab+1","From":"+919876543210"}')],
    ['JSON that does not say so', request(HERE, undefined, ' {"CallSid":"ab+1","From":"+919876543210"}')],
    [
      // In the form of the example of https://www.rfc-editor.org/rfc/rfc7578#section-4.
      'a multipart form',
      request(
        HERE,
        'multipart/form-data; boundary="AaB03x"',
        [
          '--AaB03x',
          'Content-Disposition: form-data; name="CallSid"',
          '',
          'ab+1',
          '--AaB03x',
          'content-disposition: form-data; name="From"',
          'Content-Type: text/plain',
          '',
          '+919876543210',
          '--AaB03x--',
          '',
        ].join('\r\n'),
      ),
    ],
  ])('are read from %s', (_, from) => {
    const fields = new RequestFields(from);
    expect(fields.first('callsid')).toBe('ab+1');
    expect(fields.first('callfrom', 'from')).toBe('+919876543210');
    expect(fields.isEmpty).toBe(false);
  });

  it('names members as PHP does, wherever they come from', () => {
    const json = new RequestFields(request(HERE, 'application/json', '{"Legs":[{"OnCallDuration":41}],"Ok":true}'));
    expect(json.first('legs[0][oncallduration]')).toBe('41');
    expect(json.first('ok')).toBe('true');
    const query = new RequestFields(request(`${HERE}?Stream[Status]=completed`));
    expect(query.first('stream[status]')).toBe('completed');
    const text = new RequestFields(request(`${HERE}?Stream=${encodeURIComponent('{"Status":"failed"}')}`));
    expect(text.first('stream[status]')).toBe('failed');
  });

  it('takes what is empty or null for not set, and the body before the query', () => {
    const fields = new RequestFields(
      request(`${HERE}?a=query&b=query&c=null`, 'application/x-www-form-urlencoded', 'a=body&b=&d=+'),
    );
    expect([fields.first('a'), fields.first('b'), fields.first('c'), fields.first('d')]).toEqual([
      'body',
      'query',
      null,
      null,
    ]);
  });

  it.each([
    request('not a url'),
    request(HERE),
    request(HERE, 'application/json', '{"a":'),
    request(HERE, 'application/json', '[1]'),
    request(HERE, 'application/json', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    request(HERE, 'multipart/form-data; boundary=x', 'no parts'),
  ])('never fail (%#)', (broken) => expect(new RequestFields(broken).isEmpty).toBe(true));
});

describe('wholeSeconds', () => {
  it.each([
    ['320', 320],
    ['19.6', 20],
    ['00:00:19', 19],
    ['01:02:03', 3723],
    ['-1', null],
    ['soon', null],
    [null, null],
  ])('reads %j as %j', (text, seconds) => expect(wholeSeconds(text)).toBe(seconds));
});
