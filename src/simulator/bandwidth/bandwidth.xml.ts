import { VendorReply } from '../core/vendor';
import { writeXml } from '../core/xml';
import { ApiVersion } from './bandwidth.model';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

export function xmlReply(status: number, content: string, headers: Record<string, string> = {}): VendorReply {
  return { status, headers: { 'Content-Type': 'application/xml', ...headers }, body: DECLARATION + content };
}

/** The usual refusal of the Numbers API: `ResponseStatus` in the root of the answer that was asked for. */
export function statusError(root: string, status: number, code: number | null, description: string): VendorReply {
  const content = [...(code === null ? [] : [writeXml('ErrorCode', code)]), writeXml('Description', description)];
  return xmlReply(status, writeXml(root, [writeXml('ResponseStatus', content)]));
}

/** As the specification words a resource that is not there and has no code of its own. */
export function notThere(root: string): VendorReply {
  return statusError(root, 404, null, 'The resource does not exist');
}

export function writeNumber(e164: string, version: ApiVersion): string {
  if (version === 'v2') return e164;
  return e164.startsWith('+1') ? e164.slice(2) : e164.slice(1);
}

/** Reads both notations; `undefined` where it is no telephone number. */
export function readNumber(text: string | undefined): string | undefined {
  // A '+' that the client did not escape arrives as a space in a query.
  const given = (text ?? '').trim().replace(/^(?=1\d{10}$)/, '+');
  if (/^[2-9]\d{9}$/.test(given)) return `+1${given}`;
  return /^\+[1-9]\d{6,14}$/.test(given) ? given : undefined;
}
