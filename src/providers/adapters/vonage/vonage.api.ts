import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { isRecord } from '../../support/json';

/** Numbers live at the older host, applications and calls at the newer one. */
export const REST_HOST = 'https://rest.nexmo.com';
export const API_HOST = 'https://api.nexmo.com';

/** "Method failed": the Numbers API's word for a number that is not the account's, and for some other refusals. */
const METHOD_FAILED = 420;

/** What Vonage made of a request that had the needed rights. */
export type VonageOutcome =
  | { readonly kind: 'done'; readonly json: unknown }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'method_failed' };

/**
 * The Numbers API writes its verdict as `error-code` into the body, also of an answer with status 200; the other APIs
 * answer with a status and a problem document.
 * Sources: https://developer.vonage.com/en/api/numbers and https://developer.vonage.com/en/api-errors
 * @throws ProviderError
 */
export async function askVonage(http: VendorHttp, request: VendorRequest): Promise<VonageOutcome> {
  const response = await http.send(request);
  const status = verdict(response);
  if (status < 300) return { kind: 'done', json: response.json };
  if (status === 404) return { kind: 'not_found' };
  if (status === METHOD_FAILED) return { kind: 'method_failed' };
  throw refusal(status, response);
}

export function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Vonage gave an answer that is not understood');
}

function verdict({ status, json }: VendorResponse): number {
  const code = bodyCode(json);
  return status < 300 && code !== undefined && /^\d{3}$/.test(code) ? Number(code) : status;
}

function refusal(status: number, response: VendorResponse): ProviderError {
  const vendorCode = bodyCode(response.json) ?? problemType(response.json);
  const suffix = `(HTTP ${response.status}${vendorCode ? `, error ${vendorCode}` : ''})`;
  const options = { httpStatus: response.status, vendorCode };
  if (status === 401 || status === 403) {
    return new ProviderError('credentials_rejected', `Vonage rejected the credentials ${suffix}`, options);
  }
  if (status === 429) return new ProviderError('rate_limited', `Vonage asks to slow down ${suffix}`, options);
  if (status >= 500) return new ProviderError('transient', `Vonage failed ${suffix}`, options);
  return new ProviderError('permanent', `Vonage refused the request ${suffix}`, options);
}

function bodyCode(json: unknown): string | undefined {
  const code = isRecord(json) ? json['error-code'] : undefined;
  return typeof code === 'number' || (typeof code === 'string' && /^\d{1,4}$/.test(code)) ? String(code) : undefined;
}

/** The last part of a problem document's `type`, such as `unauthorized`. */
function problemType(json: unknown): string | undefined {
  const type = isRecord(json) && typeof json.type === 'string' ? json.type : '';
  return /(?:^|[#/])([a-z][a-z0-9-]{1,39})$/i.exec(type)?.[1];
}
