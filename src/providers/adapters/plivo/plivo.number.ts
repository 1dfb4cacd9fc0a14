import { isRecord, textOrNull } from '../../support/json';
import { toE164 } from '../../support/phone-format';
import { lastSegment } from './plivo.id';

/** A number that the account rents. Plivo has no other identifier for it than its digits. */
export interface PlivoNumber {
  /** E.164; `null` for what is none, such as a short code. */
  readonly phoneNumber: string | null;
  /** The application that its calls go to, or a trunk's identifier. */
  readonly appId: string | null;
  /** Set to `trunk`, with the trunk in `objectId`, where a SIP trunk takes the calls and the application counts for nothing. */
  readonly objectType: string | null;
  readonly objectId: string | null;
}

/**
 * The item in an answer of Plivo's, or `null` where it is none. `application` is a path that ends in the identifier.
 * Source: https://www.plivo.com/docs/numbers/api/account-phone-number/the-accountphonenumber-object
 */
export function parsePlivoNumber(item: unknown): PlivoNumber | null {
  if (!isRecord(item)) return null;
  const number = typeof item.number === 'number' ? String(item.number) : textOrNull(item, 'number');
  if (number === null) return null;
  const application = textOrNull(item, 'application');
  return {
    phoneNumber: toE164(number, null),
    appId: application && lastSegment(application),
    objectType: textOrNull(item, 'object_type'),
    objectId: textOrNull(item, 'object_id'),
  };
}
