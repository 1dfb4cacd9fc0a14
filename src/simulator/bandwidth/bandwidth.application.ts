import { VendorReply } from '../core/vendor';
import { childOf, writeXml, XmlElement } from '../core/xml';
import { statusError } from './bandwidth.xml';

export const APPLICATION_TEXTS = [
  'CallInitiatedCallbackUrl',
  'CallInitiatedMethod',
  'CallStatusCallbackUrl',
  'CallStatusMethod',
  'CallInitiatedFallbackUrl',
  'CallInitiatedFallbackMethod',
  'CallbackTimeout',
  'MsgCallbackUrl',
  'InboundCallbackUrl',
  'OutboundCallbackUrl',
] as const;
export const APPLICATION_CREDENTIALS = ['CallbackCreds', 'CallInitiatedFallbackCreds'] as const;
const METHODS = ['CallInitiatedMethod', 'CallStatusMethod', 'CallInitiatedFallbackMethod'] as const;

/** "Voice" is how the examples of the specification still spell it. */
export const SERVICE_TYPES = ['Voice-V2', 'Voice', 'Messaging-V2', 'Messaging'] as const;

export interface Credentials {
  UserId: string;
  Password: string;
}

/**
 * What Bandwidth remembers of an application, named as on the wire. Names are not unique, and voice and messaging share
 * one list. https://dev.bandwidth.com/apis/numbers-apis/numbers/#tag/Applications
 */
export type BandwidthApplication = {
  ApplicationId: string;
  ServiceType: (typeof SERVICE_TYPES)[number];
  AppName: string;
} & Partial<Record<(typeof APPLICATION_TEXTS)[number], string>> &
  Partial<Record<(typeof APPLICATION_CREDENTIALS)[number], Credentials>>;

export type ApplicationFields = Omit<BandwidthApplication, 'ApplicationId'>;

/** As it is answered: passwords stay with Bandwidth. */
export function applicationXml(application: BandwidthApplication): string {
  const credentials = (name: (typeof APPLICATION_CREDENTIALS)[number]) => {
    const given = application[name];
    return given ? [writeXml(name, [writeXml('UserId', given.UserId)])] : [];
  };
  return writeXml('Application', [
    writeXml('ApplicationId', application.ApplicationId),
    writeXml('ServiceType', application.ServiceType),
    writeXml('AppName', application.AppName),
    ...APPLICATION_TEXTS.flatMap((name) =>
      application[name] === undefined ? [] : [writeXml(name, application[name])],
    ),
    ...APPLICATION_CREDENTIALS.flatMap(credentials),
  ]);
}

/**
 * The fields of a request, complete for a POST or PUT, on top of `former` for a PATCH.
 * `CallStatusCallbackUrl` is cleared by PATCHing it to "remove" (the description of PatchApplication).
 */
export function readApplication(
  root: XmlElement | undefined,
  former: BandwidthApplication | null,
): { fields: ApplicationFields } | { refused: VendorReply } {
  if (root?.name !== 'Application') return refused(1003, 'Application is required');
  const text = (name: string) => childOf(root, name)?.text || undefined;
  const type = SERVICE_TYPES.find((known) => known === (text('ServiceType') ?? former?.ServiceType));
  if (!type) return refused(1003, 'ServiceType is required');
  const name = text('AppName') ?? former?.AppName;
  if (name === undefined) return refused(1003, 'AppName is required');

  const fields: ApplicationFields = { ServiceType: type, AppName: name };
  for (const each of APPLICATION_TEXTS) {
    const value = text(each) ?? former?.[each];
    if (value !== undefined) fields[each] = value;
  }
  for (const each of APPLICATION_CREDENTIALS) {
    const given = childOf(root, each);
    const value = given ? readCredentials(given) : former?.[each];
    if (value) fields[each] = value;
  }
  if (former && fields.CallStatusCallbackUrl === 'remove') delete fields.CallStatusCallbackUrl;
  return checked(fields);
}

function readCredentials(element: XmlElement): Credentials {
  return { UserId: childOf(element, 'UserId')?.text ?? '', Password: childOf(element, 'Password')?.text ?? '' };
}

function checked(fields: ApplicationFields): { fields: ApplicationFields } | { refused: VendorReply } {
  const isVoice = fields.ServiceType.startsWith('Voice');
  if (isVoice && fields.CallInitiatedCallbackUrl === undefined) {
    return refused(1003, 'CallInitiatedCallbackUrl is required');
  }
  for (const name of APPLICATION_TEXTS) {
    const given = fields[name];
    if (given !== undefined && name.endsWith('Url') && !isWebUrl(given)) return refused(12001, `${name} is not valid`);
  }
  for (const name of METHODS) {
    const given = fields[name];
    if (given !== undefined && given !== 'GET' && given !== 'POST') return refused(12001, `${name} is not valid`);
  }
  const timeout = fields.CallbackTimeout;
  if (timeout !== undefined && !(Number(timeout) >= 1 && Number(timeout) <= 25)) {
    return refused(12001, 'CallbackTimeout is not valid');
  }
  if (!isVoice) return { fields };
  return { fields: { CallInitiatedMethod: 'POST', CallStatusMethod: 'POST', ...fields } };
}

/** The codes other than 1003 ("… is required") are stand-ins: the specification shows no refused application. */
function refused(code: number, description: string): { refused: VendorReply } {
  return { refused: statusError('ApplicationProvisioningResponse', 400, code, description) };
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
