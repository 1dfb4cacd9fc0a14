import type { VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { isRecord, textOrNull } from '../../support/json';
import { parseXml } from '../../support/xml';

/** What Ozonetel answers to anything, with HTTP 200 also where it refuses. */
export interface OzonetellReply {
  /** In lower case; `null` where the answer has not this form. */
  readonly status: string | null;
  /** An identifier, or why it refuses. */
  readonly message: string | null;
}

/** KooKoo answers in XML, the control of calls in JSON. */
export function readReply({ text, json }: VendorResponse): OzonetellReply {
  if (isRecord(json)) return { status: lower(textOrNull(json, 'status')), message: textOrNull(json, 'message') };
  const root = parseXml(text);
  return { status: lower(root?.textAt('status') ?? null), message: root?.textAt('message') ?? null };
}

/**
 * The error for what was not done. Ozonetel has no codes, and which words it has for a wrong key is known of a few calls
 * only (`userName or apiKey not valid`, `Invalid User Details`), so a refusal that speaks of the key or the user is one.
 */
export function refused(httpStatus: number, { message }: OzonetellReply): ProviderError {
  const isRejected =
    [401, 403].includes(httpStatus) || /(api|auth)[\s_-]*key|user\s*(name|details)/i.test(message ?? '');
  const what = isRejected ? 'rejected the credentials' : 'refused the request';
  return new ProviderError(isRejected ? 'credentials_rejected' : 'permanent', `Ozonetel ${what} (HTTP ${httpStatus})`, {
    httpStatus,
  });
}

function lower(text: string | null): string | null {
  return text?.trim().toLowerCase() ?? null;
}
