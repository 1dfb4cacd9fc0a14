import { TwilioError } from './twilio.errors';
import { numberResource, TwilioNumber } from './twilio.number';
import { pageOf } from './twilio.paging';

const FILTERS = ['PhoneNumber', 'FriendlyName', 'Beta', 'Origin'] as const;

/** One page of `GET IncomingPhoneNumbers.json`. */
export function numberPage(
  accountSid: string,
  all: readonly TwilioNumber[],
  query: URLSearchParams,
): { body: Record<string, unknown> } | { error: TwilioError } {
  return pageOf(all.filter(filterOf(query)), query, {
    member: 'incoming_phone_numbers',
    path: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json`,
    filters: FILTERS,
    sidOf: (number) => number.sid,
    resourceOf: (number) => numberResource(accountSid, number),
  });
}

/** PhoneNumber takes "partial numbers and '*' as a wildcard for any digit"; the other filters compare. */
function filterOf(query: URLSearchParams): (number: TwilioNumber) => boolean {
  const [phoneNumber, friendlyName, beta, origin] = FILTERS.map((name) => query.get(name));
  // A '+' that the client did not escape arrives as a space.
  const pattern =
    phoneNumber &&
    new RegExp(
      phoneNumber
        .trim()
        .replace(/[^\d+*]/g, '')
        .replace(/\+/g, '\\+')
        .replace(/\*/g, '\\d'),
    );
  return (number) =>
    (!pattern || pattern.test(number.phone_number)) &&
    (!friendlyName || number.friendly_name === friendlyName) &&
    (beta !== 'false' || !number.beta) &&
    (!origin || number.origin === origin);
}
