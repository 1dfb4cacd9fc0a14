import { TwilioAccount } from './twilio.account';
import { parseCallForm } from './twilio.call-form';

const account = new TwilioAccount({ sid: `AC${'0'.repeat(32)}`, auth_token: 'x' }, 0);
account.addNumber({ phone_number: '+15017122661' }, 0);

const FORM = { To: '+14155551212', From: '+15017122661', Url: 'https://voice.example.com/answer' };

const parse = (more: Record<string, string> = {}, events: string[] = []) => {
  const form = new URLSearchParams({ ...FORM, ...more });
  for (const event of events) form.append('StatusCallbackEvent', event);
  return parseCallForm(form, account);
};
const details = (...args: Parameters<typeof parse>) => {
  const parsed = parse(...args);
  if ('error' in parsed) throw new Error(`refused with ${parsed.error.code}`);
  return parsed.order.details;
};

describe('parseCallForm', () => {
  it('asks the URL by POST, and tells nothing, unless told otherwise', () => {
    expect(parse()).toEqual({
      order: {
        from: '+15017122661',
        to: '+14155551212',
        details: { answer_url: FORM.Url, answer_method: 'POST' },
      },
    });
    expect(details({ Method: 'get' }).answer_method).toBe('GET');
  });

  it('tells only of the end unless events are named', () => {
    const StatusCallback = 'https://voice.example.com/status';
    expect(details({ StatusCallback })).toMatchObject({ status_url: StatusCallback, status_events: 'completed' });
    expect(details({ StatusCallback }, ['initiated', 'answered']).status_events).toBe('initiated,answered');
    expect(details({ StatusCallback, StatusCallbackMethod: 'GET' }).status_method).toBe('GET');
  });

  it('places a call whose events are none, and tells nothing of it', () => {
    const StatusCallback = 'https://voice.example.com/status';
    expect(details({ StatusCallback }, ['initiated ringing answered completed']).status_events).toBe('');
  });

  it('ignores URL and callback where there is an application', () => {
    const ApplicationSid = `AP${'a'.repeat(32)}`;
    expect(details({ ApplicationSid, StatusCallback: 'https://voice.example.com/status' })).toEqual({
      application_sid: ApplicationSid,
    });
  });

  it('calls SIP URIs as well', () => {
    expect(parse({ To: 'sip:michael@example.com' })).toHaveProperty('order.to', 'sip:michael@example.com');
  });

  // Codes: the pages https://www.twilio.com/docs/api/errors/{code}; 21609 is documented for messages.
  it.each<[Record<string, string>, number]>([
    [{ To: '' }, 21201],
    [{ To: '5551212' }, 21211],
    [{ To: '+1 415 555 1212' }, 21211],
    [{ From: '' }, 21213],
    [{ From: '15017122661' }, 21212],
    [{ From: '+15005550009' }, 21210],
    [{ Url: '' }, 21205],
    [{ Url: 'voice.example.com/answer' }, 21205],
    [{ Url: 'ftp://voice.example.com/answer' }, 21205],
    [{ ApplicationSid: 'AP1' }, 21218],
    [{ Method: 'PUT' }, 21209],
    [{ StatusCallbackMethod: '' }, 21209],
    [{ Timeout: '0' }, 21208],
    [{ Timeout: '601' }, 21208],
    [{ Timeout: '1.5' }, 21208],
    [{ StatusCallback: '/status' }, 21609],
    [{ Url: '', Twiml: '<Response/>' }, 20001],
  ])('refuses %j with 400/%i', (bad, code) => {
    expect(parse(bad)).toMatchObject({ error: { status: 400, code } });
  });
});
