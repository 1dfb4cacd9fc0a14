import { applicationPath } from './plivo.application';

/** What Plivo remembers of one rented number. https://www.plivo.com/docs/numbers/api/account-phone-number */
export interface PlivoNumber {
  /** With country code, without `+`. */
  number: string;
  /** The application that its calls go to; `null` for none. */
  app_id: string | null;
  alias: string | null;
  number_type: string;
  region: string;
  voice_enabled: boolean;
  sms_enabled: boolean;
  /** A day, `YYYY-MM-DD`. */
  added_on: string;
}

/** The complete item of the API. */
export function numberResource(authId: string, number: PlivoNumber): Record<string, unknown> {
  const { app_id: appId, ...rest } = number;
  return {
    ...rest,
    application: appId === null ? null : applicationPath(authId, appId),
    carrier: 'Plivo',
    monthly_rental_rate: '0.80000',
    resource_uri: `/v1/Account/${authId}/Number/${number.number}/`,
    sms_rate: '0.00000',
    sub_account: null,
    voice_rate: '0.00850',
  };
}

/** `number_startswith` finds by beginning, so a number may find longer ones as well. */
export function numberFilter(query: URLSearchParams): (number: PlivoNumber) => boolean {
  const [start, alias, type, services] = ['number_startswith', 'alias', 'type', 'services'].map((name) =>
    query.get(name),
  );
  const wanted = services ? services.split(',') : [];
  return (number) =>
    (!start || number.number.startsWith(start)) &&
    (!alias || number.alias === alias) &&
    (!type || number.number_type === type) &&
    (!wanted.includes('voice') || number.voice_enabled) &&
    (!wanted.includes('sms') || number.sms_enabled);
}
