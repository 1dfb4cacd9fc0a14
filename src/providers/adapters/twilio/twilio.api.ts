import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { ProviderError, type ProviderErrorKind } from '../../contract/provider-error';
import { basicAuth } from '../../support/basic-auth';
import { isRecord } from '../../support/json';
import type { TwilioCredentials } from './twilio.credentials';

const ORIGIN = 'https://api.twilio.com';
/** https://www.twilio.com/docs/api/errors/21210 */
const FROM_NOT_OURS = '21210';

export type TwilioRequest = Pick<VendorRequest, 'method' | 'form' | 'signal' | 'retry'> & {
  /** Another `Authorization` than the one that requests carry by default. */
  readonly authorization?: string;
};

/**
 * Twilio's REST API below one account.
 * Source: https://www.twilio.com/docs/usage/twilios-response
 */
export class TwilioApi {
  /** All that the account's credentials can prove themselves with: the API key where there is one, and the auth token. */
  readonly authorizations: readonly string[];
  private readonly accountUrl: string;
  private readonly authorization: string;

  constructor(
    credentials: TwilioCredentials,
    private readonly http: VendorHttp,
  ) {
    const { account_sid: sid, auth_token: token, api_key_sid: keySid, api_key_secret: keySecret } = credentials;
    this.accountUrl = `${ORIGIN}/2010-04-01/Accounts/${encodeURIComponent(sid)}`;
    const byToken = basicAuth(sid, token);
    this.authorization = keySid && keySecret ? basicAuth(keySid, keySecret) : byToken;
    this.authorizations = [...new Set([this.authorization, byToken])];
  }

  /** The URL of a resource of the account, from path segments without the final `.json`. */
  url(...segments: readonly string[]): string {
    return `${[this.accountUrl, ...segments.map(encodeURIComponent)].join('/')}.json`;
  }

  /** The answer, or `null` for "not found". */
  async send(url: string, request: TwilioRequest): Promise<VendorResponse | null> {
    const { authorization = this.authorization, ...rest } = request;
    const response = await this.http.send({ ...rest, url, headers: { Authorization: authorization } });
    if (response.status < 300) return response;
    const code = errorCode(response);
    if (response.status === 404 || code === '20404') return null;
    throw refusal(response.status, code);
  }
}

/** Twilio gives addresses within its API as paths; whatever leads elsewhere would carry the credentials there. */
export function withinApi(uri: string): string {
  if (!URL.canParse(uri, ORIGIN) || new URL(uri, ORIGIN).origin !== ORIGIN) throw notUnderstood();
  return new URL(uri, ORIGIN).href;
}

export function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Twilio gave an answer that is not understood');
}

export function unknownAccount(): ProviderError {
  return new ProviderError('credentials_rejected', 'Twilio knows no such account for these credentials', {
    httpStatus: 404,
  });
}

function refusal(status: number, code: string | undefined): ProviderError {
  const kind = kindOf(status, code);
  const what = kind === 'credentials_rejected' ? 'rejected the credentials' : 'refused the request';
  const message = `Twilio ${what} (HTTP ${status}${code ? `, error ${code}` : ''})`;
  return new ProviderError(kind, message, { httpStatus: status, vendorCode: code });
}

/** A 403 may also be about the request, as where the account may not call a country; general errors are 20xxx. */
function kindOf(status: number, code: string | undefined): ProviderErrorKind {
  if (code === FROM_NOT_OURS) return 'not_owned';
  const isGeneral = code === undefined || /^20\d{3}$/.test(code);
  return status === 401 || (status === 403 && isGeneral) ? 'credentials_rejected' : 'permanent';
}

function errorCode({ json }: VendorResponse): string | undefined {
  return isRecord(json) && typeof json.code === 'number' ? String(json.code) : undefined;
}
