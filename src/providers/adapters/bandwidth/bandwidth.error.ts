import type { VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { isRecord } from '../../support/json';
import { parseXml, type XmlNode } from '../../support/xml';

/**
 * Bandwidth's own code in an error answer: `ErrorCode` or `Code` somewhere in XML, `type` in the voice API's JSON, and
 * the `code` or `type` of the first of `errors` in the Universal Platform's. Never its description.
 */
export function vendorCode({ json, text }: VendorResponse): string | undefined {
  if (json === undefined) return orderCode(parseXml(text));
  if (!isRecord(json)) return undefined;
  const errors: unknown[] = Array.isArray(json.errors) ? json.errors : [];
  const first = isRecord(errors[0]) ? errors[0] : {};
  return [json.type, first.code, first.type].map(codeText).find((code) => code !== undefined);
}

/** The first error code in an XML answer, such as that of an order that has failed. */
export function orderCode(root: XmlNode | null): string | undefined {
  if (root === null) return undefined;
  const isCode = root.name === 'ErrorCode' || root.name === 'Code';
  if (isCode) return codeText(root.text);
  return root
    .children()
    .map(orderCode)
    .find((code) => code !== undefined);
}

function codeText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[\w.-]{1,64}$/.test(text) ? text : undefined;
}

/** @param what what was asked for, such as `to list its numbers` */
export function refused(what: string, response: VendorResponse): ProviderError {
  const { status } = response;
  const code = vendorCode(response);
  const isRejected = status === 401 || status === 403;
  const who = isRejected ? 'Bandwidth did not accept the credentials' : 'Bandwidth refused';
  const suffix = code === undefined ? '' : `, error ${code}`;
  return new ProviderError(
    isRejected ? 'credentials_rejected' : 'permanent',
    `${who} ${what} (HTTP ${status}${suffix})`,
    { httpStatus: status, vendorCode: code },
  );
}

export function notOwned(): ProviderError {
  return new ProviderError('not_owned', 'The Bandwidth account does not hold the number');
}

export function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Bandwidth gave an answer that is not understood');
}

export function abandoned(signal: AbortSignal): ProviderError {
  const timedOut = isRecord(signal.reason) && signal.reason.name === 'TimeoutError';
  return new ProviderError('transient', 'Bandwidth was not waited for any longer', { timedOut, wasAbandoned: true });
}

/** The promise's outcome, unless the signal ends the wait for it; the work itself goes on. */
export function unlessAbandoned<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abandon = () => reject(abandoned(signal));
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}
