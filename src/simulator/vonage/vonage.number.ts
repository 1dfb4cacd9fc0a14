/** What Vonage remembers of one number. Members of `number/update` have their names on the wire; `null` is not set. */
export interface VonageNumber extends NumberSettings {
  /** E.164; `msisdn` on the wire, without `+`. */
  readonly number: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly type: (typeof NUMBER_TYPES)[number];
  readonly features: readonly string[];
}

export const NUMBER_TYPES = ['landline', 'landline-toll-free', 'mobile-lvn'] as const;

export const NUMBER_SETTINGS = [
  'app_id',
  'moHttpUrl',
  'moSmppSysType',
  'voiceCallbackType',
  'voiceCallbackValue',
  'voiceStatusCallback',
] as const;

export type NumberSettings = Record<(typeof NUMBER_SETTINGS)[number], string | null>;

export const NO_SETTINGS: NumberSettings = {
  app_id: null,
  moHttpUrl: null,
  moSmppSysType: null,
  voiceCallbackType: null,
  voiceCallbackValue: null,
  voiceStatusCallback: null,
};

/** Where calls to a number go. */
export type VoiceTarget =
  | { readonly kind: 'sip' | 'tel'; readonly value: string }
  | { readonly kind: 'application'; readonly application_id: string }
  | { readonly kind: 'none' };

/**
 * "If set, `sip` or `tel` are prioritized over the Voice capability in your application": the description of
 * `voiceCallbackType` in Vonage's OpenAPI document of the Numbers API.
 */
export function voiceTarget(number: VonageNumber): VoiceTarget {
  const { voiceCallbackType: type, voiceCallbackValue: value } = number;
  if ((type === 'sip' || type === 'tel') && value) return { kind: type, value };
  return number.app_id ? { kind: 'application', application_id: number.app_id } : { kind: 'none' };
}

/** An item of `account/numbers`; what is not set is left out. */
export function numberItem(number: VonageNumber): Record<string, unknown> {
  const target = voiceTarget(number);
  const callback =
    target.kind === 'application'
      ? { voiceCallbackType: 'app', voiceCallbackValue: target.application_id }
      : { voiceCallbackType: number.voiceCallbackType, voiceCallbackValue: number.voiceCallbackValue };
  const item = {
    country: number.country,
    msisdn: msisdnOf(number),
    moHttpUrl: number.moHttpUrl,
    type: number.type,
    features: number.features,
    ...callback,
    app_id: number.app_id,
  };
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}

export function msisdnOf({ number }: VonageNumber): string {
  return number.slice(1);
}

/**
 * The settings after `number/update`, or `undefined` where they are refused. All of them are replaced: what the form leaves
 * out is cleared, as in https://github.com/Nexmo/nexmo-cli/issues/83, where setting a voice callback removes the SMS one.
 * `app` is the old way to set an application.
 */
export function updatedSettings(
  form: URLSearchParams,
  hasApplication: (id: string) => boolean,
): NumberSettings | undefined {
  const sent = Object.fromEntries(NUMBER_SETTINGS.map((name) => [name, form.get(name) || null])) as NumberSettings;
  const { voiceCallbackType: type, voiceCallbackValue: value } = sent;
  if ((type === null) !== (value === null)) return undefined;
  if (type !== null && !['sip', 'tel', 'app'].includes(type)) return undefined;
  const settings =
    type === 'app' ? { ...sent, app_id: value, voiceCallbackType: null, voiceCallbackValue: null } : sent;
  return settings.app_id === null || hasApplication(settings.app_id) ? settings : undefined;
}

const DEFAULT_SIZE = 10;
const MAX_SIZE = 100;

/** The body of `account/numbers`; an account without a matching number gets no members at all. */
export function numberPage(all: readonly VonageNumber[], query: URLSearchParams): Record<string, unknown> {
  const numbers = all.filter((number) => matches(number, query));
  if (numbers.length === 0) return {};
  const size = Math.min(wholeNumber(query.get('size')) || DEFAULT_SIZE, MAX_SIZE);
  const start = ((wholeNumber(query.get('index')) || 1) - 1) * size;
  return { count: numbers.length, numbers: numbers.slice(start, start + size).map(numberItem) };
}

function matches(number: VonageNumber, query: URLSearchParams): boolean {
  const country = query.get('country');
  const applicationId = query.get('application_id');
  const hasApplication = query.get('has_application');
  return (
    matchesPattern(msisdnOf(number), query.get('pattern'), query.get('search_pattern')) &&
    (!country || number.country === country.toUpperCase()) &&
    (!applicationId || number.app_id === applicationId) &&
    (hasApplication !== 'true' || number.app_id !== null) &&
    (hasApplication !== 'false' || number.app_id === null)
  );
}

function matchesPattern(msisdn: string, pattern: string | null, how: string | null): boolean {
  if (!pattern) return true;
  if (how === '1') return msisdn.includes(pattern);
  return how === '2' ? msisdn.endsWith(pattern) : msisdn.startsWith(pattern);
}

function wholeNumber(given: string | null): number {
  return given !== null && /^\d{1,9}$/.test(given) ? Number(given) : 0;
}
