import { VendorReply, VendorRequest } from '../core/vendor';
import { TelnyxAccount } from './telnyx.account';
import { errorReply, TelnyxError } from './telnyx.errors';

export type Answer = (account: TelnyxAccount, request: VendorRequest) => VendorReply;

/** Lets in whoever shows an account's API key as a bearer token, and answers what a handler throws. */
export function authorized(
  accounts: () => Iterable<TelnyxAccount>,
  answer: Answer,
): (request: VendorRequest) => VendorReply {
  return (request) => {
    const key = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1];
    const account = [...accounts()].find(({ apiKey }) => apiKey === key);
    if (!account) return errorReply(10009);
    try {
      return answer(account, request);
    } catch (error) {
      if (error instanceof TelnyxError) return errorReply(error.code, { pointer: error.pointer });
      throw error;
    }
  };
}

/** @throws TelnyxError where the body is no JSON object */
export function jsonBody(request: VendorRequest): Readonly<Record<string, unknown>> {
  const { json, text } = request;
  if (json === undefined && text !== '' && !/json/i.test(request.header('content-type') ?? '')) {
    throw new TelnyxError(10014);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TelnyxError(10015);
  return json as Record<string, unknown>;
}

export function ok(data: unknown, status = 200): VendorReply {
  return { status, body: { data } };
}
