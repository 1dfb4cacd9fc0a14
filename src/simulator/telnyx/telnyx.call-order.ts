import { VendorRequest } from '../core/vendor';
import { TelnyxAccount } from './telnyx.account';
import { TexmlApplication } from './telnyx.application';
import { TelnyxError } from './telnyx.errors';

export interface CallOrder {
  readonly from: string;
  readonly to: string;
  readonly details: Readonly<Record<string, string>>;
}

/** In seconds: https://developers.telnyx.com/api-reference/texml-rest-commands/initiate-an-outbound-call */
const RANGES = { Timeout: [5, 120], TimeLimit: [30, 14_400] } as const;
export const CALL_EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const;

/**
 * What a request for a call asks for, as form or as JSON. Names are case-sensitive. That the caller must be a number of the
 * account, with this error, is a choice; so is `completed` as the event told of where none is named.
 * @throws TelnyxError
 */
export function parseCallOrder(request: VendorRequest, account: TelnyxAccount, applicationId: string): CallOrder {
  const asked = fieldsOf(request);
  const application = account.applications.get(applicationId);
  if (!application) throw new TelnyxError(10005);
  const from = partyOf(asked, 'From');
  const to = partyOf(asked, 'To');
  if (account.number(from)?.status !== 'active') throw new TelnyxError(10002, '/From');
  if (!isAllowedOut(application, account)) throw new TelnyxError(10010);
  for (const [name, [least, most]] of Object.entries(RANGES)) checkRange(asked, name, least, most);
  // Instructions in the request itself are not simulated.
  if (asked.Texml !== undefined) throw new TelnyxError(10015, '/Texml');
  return { from, to, details: { ...documentDetails(asked, application), ...statusDetails(asked, application) } };
}

/** All that a request sets, as texts. */
export function fieldsOf({ json, form }: VendorRequest): Readonly<Record<string, string | undefined>> {
  if (typeof json !== 'object' || json === null) return Object.fromEntries(form);
  const texts = Object.entries(json).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries(texts);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function partyOf(asked: Readonly<Record<string, string | undefined>>, name: 'From' | 'To'): string {
  const party = asked[name];
  if (party === undefined || party === '') throw new TelnyxError(10004, `/${name}`);
  if (!/^(\+[1-9]\d{6,14}|sips?:.+)$/.test(party)) throw new TelnyxError(10016, `/${name}`);
  return party;
}

/** "Disabled profiles will result in outbound calls being blocked", and so does none at all. */
function isAllowedOut(application: TexmlApplication, account: TelnyxAccount): boolean {
  const profile = application.outbound_voice_profile_id;
  return application.active && profile !== null && account.profiles.get(profile)?.enabled === true;
}

function checkRange(
  asked: Readonly<Record<string, string | undefined>>,
  name: string,
  least: number,
  most: number,
): void {
  const text = asked[name];
  if (text === undefined) return;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new TelnyxError(10015, `/${name}`);
}

function documentDetails(
  asked: Readonly<Record<string, string | undefined>>,
  application: TexmlApplication,
): Record<string, string> {
  const url = asked.Url ?? application.voice_url;
  const method = asked.UrlMethod ?? asked.Method ?? application.voice_method;
  return { connection_id: application.id, answer_url: urlOf(url, '/Url'), answer_method: methodOf(method) };
}

/** A callback of the call's own takes the place of the application's, which is told everything. */
function statusDetails(
  asked: Readonly<Record<string, string | undefined>>,
  application: TexmlApplication,
): Record<string, string> {
  const own = asked.StatusCallback;
  const url = own ?? application.status_callback;
  if (!url) return {};
  const method = (own && asked.StatusCallbackMethod) || application.status_callback_method;
  const events = own ? (asked.StatusCallbackEvent ?? 'completed').split(/\s+/) : [...CALL_EVENTS];
  const unknown = events.find((event) => !CALL_EVENTS.some((known) => known === event));
  if (unknown !== undefined) throw new TelnyxError(10015, '/StatusCallbackEvent');
  return {
    status_url: urlOf(url, '/StatusCallback'),
    status_method: methodOf(method),
    status_events: events.join(' '),
  };
}

function urlOf(url: string, pointer: string): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url) || url.length > 2000) throw new TelnyxError(10003, pointer);
  return url;
}

function methodOf(text: string): 'GET' | 'POST' {
  const method = text.toUpperCase();
  if (method !== 'GET' && method !== 'POST') throw new TelnyxError(10015);
  return method;
}
