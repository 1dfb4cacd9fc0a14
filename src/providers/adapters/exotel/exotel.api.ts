import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { ProviderError, type ProviderErrorKind } from '../../contract/provider-error';
import { basicAuth } from '../../support/basic-auth';
import { isRecord } from '../../support/json';
import type { ExotelCredentials, ExotelRegion } from './exotel.credentials';

const HOSTS: Record<ExotelRegion, string> = {
  singapore: 'https://api.exotel.com',
  mumbai: 'https://api.in.exotel.com',
};

export type ExotelRequest = Pick<VendorRequest, 'method' | 'form' | 'retry' | 'signal'>;

/** Exotel's REST API below one account. */
export class ExotelApi {
  readonly numbersUrl: string;
  readonly callsUrl: string;
  private readonly authorization: string;

  constructor(
    { account_sid: sid, api_key: key, api_token: token, region }: ExotelCredentials,
    private readonly http: VendorHttp,
  ) {
    this.numbersUrl = `${HOSTS[region]}/v2_beta/Accounts/${encodeURIComponent(sid)}/IncomingPhoneNumbers`;
    this.callsUrl = `${HOSTS[region]}/v1/Accounts/${encodeURIComponent(sid)}/Calls`;
    this.authorization = basicAuth(key, token);
  }

  /**
   * The answer, or `null` for "not found".
   * @param forbidden what 403 means, with which Exotel also refuses to call numbers that are registered against calls
   */
  async send(
    url: string,
    request: ExotelRequest,
    forbidden: ProviderErrorKind = 'credentials_rejected',
  ): Promise<VendorResponse | null> {
    const response = await this.http.send({ ...request, url, headers: { Authorization: this.authorization } });
    if (response.status < 300) return response;
    if (response.status === 404) return null;
    throw refused(response.status, errorCode(response), forbidden);
  }

  /** The answer to a request for a list, which every account has. */
  async list(url: string, signal: AbortSignal | undefined): Promise<VendorResponse> {
    const response = await this.send(url, { method: 'GET', signal });
    if (response) return response;
    throw new ProviderError('credentials_rejected', 'Exotel knows no such account in this region', {
      httpStatus: 404,
    });
  }
}

/** A number or a word: https://developer.exotel.com/docs/references/error-codes */
function errorCode({ json }: VendorResponse): string | undefined {
  const code = isRecord(json) && isRecord(json.RestException) ? json.RestException.Code : undefined;
  const text = typeof code === 'number' ? String(code) : code;
  return typeof text === 'string' && /^[\w.-]{1,64}$/.test(text) ? text : undefined;
}

/** 409 is what two changes at once are answered: https://developer.exotel.com/api/http-status-codes */
export function refused(status: number, code: string | undefined, forbidden: ProviderErrorKind): ProviderError {
  const kinds: Readonly<Record<number, ProviderErrorKind>> = {
    401: 'credentials_rejected',
    403: forbidden,
    409: 'transient',
  };
  const kind = kinds[status] ?? 'permanent';
  const what = kind === 'credentials_rejected' ? 'rejected the credentials' : 'refused the request';
  const message = `Exotel ${what} (HTTP ${status}${code ? `, error ${code}` : ''})`;
  return new ProviderError(kind, message, { httpStatus: status, vendorCode: code });
}

export function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Exotel gave an answer that is not understood');
}
