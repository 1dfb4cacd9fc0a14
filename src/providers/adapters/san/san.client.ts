import type { VendorHttp } from '../../contract/http';
import type { VerificationResult } from '../../contract/provider-adapter';
import { ProviderError } from '../../contract/provider-error';
import { basicAuth } from '../../support/basic-auth';
import { isRecord, textOrNull } from '../../support/json';
import { ManualClient } from '../../support/manual-client';
import type { SanCredentials } from './san.credentials';

/** San's PBX: no public documentation, so this follows what third-party clients send and tolerate. */
export class SanClient extends ManualClient {
  constructor(
    private readonly credentials: SanCredentials,
    private readonly http: VendorHttp,
  ) {
    super('San');
  }

  /** Fetches an API token; how a refusal looks is unknown, so an answer without a token is one. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    const {
      base_url: baseUrl,
      access_token: accessToken,
      access_key: accessKey,
      username,
      password,
    } = this.credentials;
    if (!baseUrl || !accessToken || !accessKey) return { verified: false };
    const headers: Record<string, string> = { Accesstoken: accessToken };
    if (username && password) headers.Authorization = basicAuth(username, password);
    const response = await this.http.send({
      method: 'POST',
      url: `${baseUrl.replace(/\/+$/, '')}/gentoken`,
      headers,
      json: { access_key: accessKey },
      signal,
    });
    if (response.status >= 300 || !hasToken(response.json)) {
      throw new ProviderError('credentials_rejected', `San gave no API token (HTTP ${response.status})`, {
        httpStatus: response.status,
      });
    }
    return { verified: true };
  }
}

/** Most tenants answer `{"Apitoken": …}`, some `{"data": {"Apitoken": …}}`. */
function hasToken(body: unknown): boolean {
  if (!isRecord(body)) return false;
  if (textOrNull(body, 'Apitoken') !== null) return true;
  return isRecord(body.data) && textOrNull(body.data, 'Apitoken') !== null;
}
