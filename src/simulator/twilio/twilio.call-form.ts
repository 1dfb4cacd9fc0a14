import { TwilioAccount } from './twilio.account';
import { TwilioError } from './twilio.errors';

const EVENTS = ['initiated', 'ringing', 'answered', 'completed'];
const MAX_TIMEOUT_S = 600;

/** What a call was created with, for the call itself to remember. */
export interface CallOrder {
  readonly from: string;
  readonly to: string;
  readonly details: Readonly<Record<string, string>>;
}

/**
 * Reads `POST Calls.json`. Codes are those of https://www.twilio.com/docs/api/errors/{21201,21205,21208,…}; which of
 * several faults is told is not documented. Anyone may be called: there is no list of verified numbers here.
 */
export function parseCallForm(
  form: URLSearchParams,
  account: TwilioAccount,
): { order: CallOrder } | { error: TwilioError } {
  const error = partyFault(form, account) ?? instructionFault(form) ?? optionFault(form);
  if (error) return { error };
  return { order: { from: given(form, 'From'), to: given(form, 'To'), details: detailsOf(form) } };
}

function partyFault(form: URLSearchParams, account: TwilioAccount): TwilioError | undefined {
  const [to, from] = [given(form, 'To'), given(form, 'From')];
  if (!to) return refused(21201, "No 'To' number is specified");
  if (!from) return refused(21213, 'From phone number is required.');
  if (!isNumber(to) && !/^(sips?|client):\S+$/i.test(to)) {
    return refused(21211, `The 'To' number ${to} is not a valid phone number.`);
  }
  if (!isNumber(from)) {
    return refused(
      21212,
      `The 'From' number ${from} is not a valid phone number, shortcode, or alphanumeric sender ID.`,
    );
  }
  if (account.number(from)) return undefined;
  const message = `The source phone number provided, ${from}, is not yet verified for your account.`;
  return refused(
    21210,
    `${message} You may only make calls from phone numbers that you've verified or purchased from Twilio.`,
  );
}

function instructionFault(form: URLSearchParams): TwilioError | undefined {
  const [url, application] = [given(form, 'Url'), given(form, 'ApplicationSid')];
  if (application) {
    return /^AP[0-9a-fA-F]{32}$/.test(application) ? undefined : refused(21218, 'Invalid ApplicationSid');
  }
  if (url) return isUrl(url) ? undefined : refused(21205, `Url is not a valid URL: ${url}`);
  // A choice of this simulator, which asks for every document.
  if (form.has('Twiml')) return refused(20001, 'Twiml in the request is not simulated; use Url');
  return refused(21205, 'Url parameter is required.');
}

function optionFault(form: URLSearchParams): TwilioError | undefined {
  for (const name of ['Method', 'FallbackMethod', 'StatusCallbackMethod']) {
    if (form.has(name) && !/^(GET|POST)$/i.test(given(form, name))) return refused(21209, `${name} is not valid`);
  }
  const timeout = form.get('Timeout');
  if (timeout !== null && !(/^\d{1,9}$/.test(timeout) && Number(timeout) >= 1 && Number(timeout) <= MAX_TIMEOUT_S)) {
    return refused(21208, 'Timeout is not valid');
  }
  // Documented for messages only; of calls it is assumed.
  const callback = given(form, 'StatusCallback');
  return callback && !isUrl(callback) ? refused(21609, `StatusCallback is not a valid URL: ${callback}`) : undefined;
}

/**
 * "If an application SID is present, this parameter is ignored" holds for `Url` and everything about the status
 * callback. An unknown event is no error: the call is placed, and nothing is told of it.
 */
function detailsOf(form: URLSearchParams): Record<string, string> {
  const application = given(form, 'ApplicationSid');
  if (application) return { application_sid: application };
  const details: Record<string, string> = {
    answer_url: given(form, 'Url'),
    answer_method: methodOf(form, 'Method'),
  };
  const callback = given(form, 'StatusCallback');
  if (callback) {
    const events = form.getAll('StatusCallbackEvent').filter((event) => event !== '');
    details.status_url = callback;
    details.status_method = methodOf(form, 'StatusCallbackMethod');
    details.status_events = (
      events.length > 0 ? events.filter((event) => EVENTS.includes(event)) : ['completed']
    ).join();
  }
  return details;
}

function methodOf(form: URLSearchParams, name: string): string {
  return given(form, name).toUpperCase() || 'POST';
}

/** A field sent twice counts with its last value. */
function given(form: URLSearchParams, name: string): string {
  return form.getAll(name).at(-1) ?? '';
}

function isNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text);
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function refused(code: number, message: string): TwilioError {
  return { status: 400, code, message };
}
