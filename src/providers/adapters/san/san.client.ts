import type { LiveCall, OutboundCall, PlacedCall } from '../../contract/call';
import type { VendorHttp, VendorResponse } from '../../contract/http';
import type { VerificationResult } from '../../contract/provider-adapter';
import { ProviderError } from '../../contract/provider-error';
import { basicAuth } from '../../support/basic-auth';
import { beforeTheCall } from '../../support/before-the-call';
import { ManualClient } from '../../support/manual-client';
import { dialRequest } from './san.call';
import type { SanCredentials } from './san.credentials';
import { SanReply } from './san.reply';

/** Words for a call that is over; nothing is documented. */
const IS_OVER = /not\s*found|no\s+(such|active)|invalid\s*call|not\s*(active|live|exist)|already|ended/i;

/** What every call to the API needs. */
type Access = Required<Pick<SanCredentials, 'base_url' | 'access_token' | 'access_key'>>;

/** San's PBX: no public documentation, so this follows what third-party clients send and tolerate. */
export class SanClient extends ManualClient {
  constructor(
    private readonly credentials: SanCredentials,
    private readonly http: VendorHttp,
  ) {
    super('San');
  }

  /** Fetches an API token. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    const { base_url: baseUrl, access_token: accessToken, access_key: accessKey } = this.credentials;
    if (!baseUrl || !accessToken || !accessKey) return { verified: false };
    await this.token({ base_url: baseUrl, access_token: accessToken, access_key: accessKey }, signal);
    return { verified: true };
  }

  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const access = this.access(['app_id']);
    const json = dialRequest(call, this.credentials);
    const response = await this.post(access, 'dialcall', await this.tokenForCall(access, signal), json, signal);
    const reply = new SanReply(response.json);
    if (response.status >= 300 || reply.isRefusal) throw refused(response, reply);
    if (reply.callId !== null) return { providerCallId: reply.callId };
    throw new ProviderError('transient', 'San gave an answer to a call that is not understood', {
      isOutcomeUnknown: true,
    });
  }

  async hangup(call: LiveCall, signal?: AbortSignal): Promise<void> {
    const access = this.access([]);
    const json = { callid: call.providerCallId };
    const response = await this.post(access, 'calldisconnect', await this.token(access, signal), json, signal);
    const reply = new SanReply(response.json);
    if (response.status < 300 && !reply.isRefusal) return;
    const error = refused(response, reply);
    const isOver = response.status === 404 || IS_OVER.test(reply.message);
    if (error.kind === 'credentials_rejected' || !isOver) throw error;
  }

  /** @throws ProviderError `permanent`, which names the credentials that are missing */
  private access(more: readonly (keyof SanCredentials)[]): Access {
    const { base_url: baseUrl = '', access_token: accessToken = '', access_key: accessKey = '' } = this.credentials;
    const needed = ['base_url', 'access_token', 'access_key', ...more] as const;
    const missing = needed.filter((name) => !this.credentials[name]);
    if (missing.length > 0) {
      throw new ProviderError('permanent', `San needs more credentials for calls: ${missing.join(', ')}`);
    }
    return { base_url: baseUrl, access_token: accessToken, access_key: accessKey };
  }

  /** How a refusal looks is unknown, so an answer without a token is one. */
  private async token(access: Access, signal: AbortSignal | undefined): Promise<string> {
    const { username, password } = this.credentials;
    const headers: Record<string, string> = { Accesstoken: access.access_token };
    if (username && password) headers.Authorization = basicAuth(username, password);
    const response = await this.http.send({
      method: 'POST',
      url: `${apiUrl(access)}/gentoken`,
      headers,
      json: { access_key: access.access_key },
      signal,
    });
    const { token } = new SanReply(response.json);
    if (response.status >= 300 || token === null) {
      throw new ProviderError('credentials_rejected', `San gave no API token (HTTP ${response.status})`, {
        httpStatus: response.status,
      });
    }
    return token;
  }

  /** Until there is a token nobody is called, however the request for it ends. */
  private async tokenForCall(access: Access, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await this.token(access, signal);
    } catch (error) {
      throw beforeTheCall(error);
    }
  }

  private post(
    access: Access,
    path: string,
    token: string,
    json: object,
    signal: AbortSignal | undefined,
  ): Promise<VendorResponse> {
    return this.http.send({
      method: 'POST',
      url: `${apiUrl(access)}/${path}`,
      headers: { Apitoken: token },
      json,
      signal,
    });
  }
}

function apiUrl({ base_url: baseUrl }: Access): string {
  return baseUrl.replace(/\/+$/, '');
}

function refused({ status }: VendorResponse, { message }: SanReply): ProviderError {
  const isRejected = status === 401 || status === 403 || /token|access[\s_-]*key|unauthori[sz]ed/i.test(message);
  const what = isRejected ? 'rejected the credentials' : 'refused the request';
  return new ProviderError(isRejected ? 'credentials_rejected' : 'permanent', `San ${what} (HTTP ${status})`, {
    httpStatus: status,
  });
}
