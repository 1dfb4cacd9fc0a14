import { isE164 } from '../../../common/e164';
import type { RouteSnapshot } from '../../contract/route';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';

const ROUTE_MEMBERS = [
  'app_id',
  'voiceCallbackType',
  'voiceCallbackValue',
  'voiceStatusCallback',
  'moHttpUrl',
  'moSmppSysType',
  'messagesCallbackType',
  'messagesCallbackValue',
] as const;
type RouteMember = (typeof ROUTE_MEMBERS)[number];
type VonageRoute = Readonly<Record<RouteMember, string | null>>;

/** An item of `GET /account/numbers`, in Vonage's words. */
export interface VonageNumber {
  /** Digits without `+`, or a short code. */
  readonly msisdn: string;
  /** ISO 3166-1 alpha-2; an update has to name it. */
  readonly country: string;
  /** `null` for what has no E.164 form, such as a short code. */
  readonly phoneNumber: string | null;
  /** `false` where the number is known to take no calls. */
  readonly hasVoice: boolean;
  readonly route: VonageRoute;
}

/** The item, or `null` where it is none. Source: https://developer.vonage.com/en/api/numbers#getOwnedNumbers */
export function parseVonageNumber(item: unknown): VonageNumber | null {
  if (!isRecord(item)) return null;
  const msisdn = textOrNull(item, 'msisdn');
  const country = textOrNull(item, 'country');
  if (msisdn === null || country === null) return null;
  const isShortCode = /short-?code/i.test(textOrNull(item, 'type') ?? '');
  return {
    msisdn,
    country,
    phoneNumber: !isShortCode && isE164(`+${msisdn}`) ? `+${msisdn}` : null,
    hasVoice: !Array.isArray(item.features) || item.features.includes('VOICE'),
    route: routeOf(item),
  };
}

function routeOf(item: JsonRecord): VonageRoute {
  const members = ROUTE_MEMBERS.map((member) => [member, textOrNull(item, member)] as const);
  return Object.fromEntries(members) as Record<RouteMember, string | null>;
}

/**
 * Whether calls go to the application. Forwarding to SIP or a phone (`sip`, `tel`) comes before the application; the type
 * `app` is the older way to name one, which Vonage also shows for numbers linked in the newer way.
 */
export function leadsTo(route: RouteSnapshot, applicationId: string): boolean {
  if (route.app_id !== applicationId) return false;
  if (isForwarded(route)) return false;
  return !isOfTypeApp(route) || !route.voiceCallbackValue || route.voiceCallbackValue === applicationId;
}

/** The application that a number is linked to, in either way. */
export function applicationOf(route: RouteSnapshot): string | null {
  return route.app_id ?? (isOfTypeApp(route) ? (route.voiceCallbackValue ?? null) : null);
}

/** What to post so that calls go to the application. */
export function routeForm(number: VonageNumber, applicationId: string): Record<string, string> {
  return { ...keptForm(number), app_id: applicationId };
}

/**
 * What to post to put a former route back, for a number that is linked to `ours`. Forwarding that somebody has set since
 * stays. Leaving `app_id` out removes the link, which is how Vonage's own CLI does it.
 * Source: https://github.com/Vonage/vonage-cli/blob/main/src/commands/apps/numbers/unlink.js
 */
export function restoreForm(number: VonageNumber, former: RouteSnapshot | null, ours: string): Record<string, string> {
  const form = keptForm(number);
  const application = former && applicationOf(former);
  if (application && application !== ours) form.app_id = application;
  const forwarding = [number.route, former].find((route) => route && isForwarded(route));
  if (forwarding?.voiceCallbackType) form.voiceCallbackType = forwarding.voiceCallbackType;
  if (forwarding?.voiceCallbackValue) form.voiceCallbackValue = forwarding.voiceCallbackValue;
  return form;
}

/** Whether Vonage shows the link and the forwarding that were posted, or shows none where none was. */
export function shows(route: RouteSnapshot, form: Readonly<Record<string, string>>): boolean {
  const forwarding = isForwarded(route) ? route.voiceCallbackType : null;
  return applicationOf(route) === (form.app_id ?? null) && forwarding === (form.voiceCallbackType ?? null);
}

/**
 * What every update has to repeat: a field that is left out is cleared. Of the voice callback nothing is kept, as an empty
 * one is refused. The messages callback is kept only where it names another application than the number's.
 * Sources: https://github.com/Nexmo/nexmo-cli/issues/83 and https://github.com/Nexmo/nexmo-cli/issues/20
 */
function keptForm({ country, msisdn, route }: VonageNumber): Record<string, string> {
  const hasOwnMessages = route.messagesCallbackValue !== null && route.messagesCallbackValue !== applicationOf(route);
  const kept: Partial<VonageRoute> = {
    moHttpUrl: route.moHttpUrl,
    moSmppSysType: route.moSmppSysType,
    voiceStatusCallback: route.voiceStatusCallback,
    ...(hasOwnMessages && {
      messagesCallbackType: route.messagesCallbackType,
      messagesCallbackValue: route.messagesCallbackValue,
    }),
  };
  const form: Record<string, string> = { country, msisdn };
  for (const [member, value] of Object.entries(kept)) if (value) form[member] = value;
  return form;
}

function isForwarded(route: RouteSnapshot): boolean {
  return Boolean(route.voiceCallbackType) && !isOfTypeApp(route);
}

function isOfTypeApp(route: RouteSnapshot): boolean {
  return route.voiceCallbackType?.toLowerCase() === 'app';
}
