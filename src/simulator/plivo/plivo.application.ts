import { randomInt } from 'node:crypto';
import { flag, isHttpUrl, isMethod } from './plivo.input';

/**
 * What Plivo remembers of one application, named as on the wire.
 * https://www.plivo.com/docs/account/api/application
 */
export interface PlivoApplication {
  /** 17 digits, which no JavaScript number holds. */
  app_id: string;
  app_name: string;
  answer_url: string;
  answer_method: string;
  hangup_url: string;
  hangup_method: string;
  fallback_answer_url: string;
  fallback_method: string;
  message_url: string;
  message_method: string;
  default_endpoint_app: boolean;
  enabled: boolean;
}

export type ApplicationFault = Readonly<Record<string, string>>;

const URLS = ['answer_url', 'hangup_url', 'fallback_answer_url', 'message_url'] as const;
const METHODS = ['answer_method', 'hangup_method', 'fallback_method', 'message_method'] as const;

/** Odd, and beyond 2^53, so that it is another one once it was taken for a number. */
export function newAppId(): string {
  const digits = Array.from({ length: 15 }, () => randomInt(10)).join('');
  return `1${digits}${1 + 2 * randomInt(5)}`;
}

/** A new application; URLs and methods that are not given are `POST` and, for the hangup URL, the answer URL. */
export function newApplication(
  appId: string,
  given: Pick<PlivoApplication, 'app_name'> & Partial<PlivoApplication>,
): PlivoApplication {
  return {
    answer_url: '',
    answer_method: 'POST',
    hangup_url: given.answer_url ?? '',
    hangup_method: 'POST',
    fallback_answer_url: '',
    fallback_method: 'POST',
    message_url: '',
    message_method: 'POST',
    default_endpoint_app: false,
    enabled: true,
    ...given,
    app_id: appId,
  };
}

/** The members that a request sets, or what is wrong with it. Only sent members change. */
export function applicationChange(
  sent: Readonly<Record<string, unknown>>,
): { change: Partial<PlivoApplication> } | { fault: ApplicationFault } {
  const change: Partial<PlivoApplication> = {};
  if (sent.app_name !== undefined) {
    if (typeof sent.app_name !== 'string' || sent.app_name === '') return faulty('app_name', 'must be a text');
    change.app_name = sent.app_name;
  }
  for (const name of URLS) {
    const value = sent[name];
    if (value === undefined) continue;
    if (value !== '' && !isHttpUrl(value)) return faulty(name, 'must be a valid URL');
    change[name] = value;
  }
  for (const name of METHODS) {
    const value = sent[name];
    if (value === undefined) continue;
    if (!isMethod(value)) return faulty(name, 'must be GET or POST');
    change[name] = value;
  }
  const isDefault = flag(sent.default_endpoint_app);
  if (isDefault !== undefined) change.default_endpoint_app = isDefault;
  return { change };
}

function faulty(name: string, fault: string): { fault: ApplicationFault } {
  return { fault: { [name]: fault } };
}

/** The complete item of the API. */
export function applicationResource(
  authId: string,
  application: PlivoApplication,
  isDefault: boolean,
): Record<string, unknown> {
  return {
    ...application,
    application_type: 'XML',
    default_app: isDefault,
    log_incoming_messages: true,
    public_uri: false,
    resource_uri: applicationPath(authId, application.app_id),
    sip_uri: `sip:${application.app_id}@app.plivo.com`,
    sub_account: null,
  };
}

export function applicationPath(authId: string, appId: string): string {
  return `/v1/Account/${authId}/Application/${appId}/`;
}
