import type { Clock } from '../../../common/clock';
import type { VendorHttp } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { beforeTheCall } from '../../support/before-the-call';
import { basicAuth } from '../../support/basic-auth';
import { isRecord, textOrNull } from '../../support/json';
import type { BandwidthCredentials } from './bandwidth.credentials';
import { notUnderstood, refused, unlessAbandoned } from './bandwidth.error';

const TOKEN_URL = 'https://api.bandwidth.com/api/v1/oauth2/token';
/** A token is renewed so long before it ends, or after half its life where that is shorter. */
const MARGIN_MS = 60_000;

interface Token {
  readonly header: string;
  /** Unix milliseconds. */
  readonly goodUntil: number;
}

/**
 * What every request is authorized with: HTTP Basic, or a bearer token that is fetched once for all who need it at the
 * same time and kept until shortly before it ends.
 * Source: `OAuth2` in node_modules/bandwidth-sdk/bandwidth.yml
 */
export class BandwidthAuth {
  private readonly basic: string | null;
  private token: Token | null = null;
  private fetching: Promise<Token> | null = null;

  constructor(
    private readonly credentials: BandwidthCredentials,
    private readonly http: VendorHttp,
    private readonly clock: Clock,
  ) {
    const { username, password } = credentials;
    this.basic = username && password ? basicAuth(username, password) : null;
  }

  /** @throws ProviderError `credentials_rejected` where Bandwidth gives no token for them */
  async authorization(signal: AbortSignal | undefined): Promise<string> {
    if (this.basic !== null) return this.basic;
    if (this.token && this.clock.now() < this.token.goodUntil) return this.token.header;
    const token = await unlessAbandoned(this.renew(), signal);
    return token.header;
  }

  /** Drops a token that was not accepted. False where there is none to renew. */
  forget(authorization: string): boolean {
    if (this.basic !== null) return false;
    if (this.token?.header === authorization) this.token = null;
    return true;
  }

  private renew(): Promise<Token> {
    this.fetching ??= this.fetchToken()
      .then((token) => (this.token = token))
      .finally(() => (this.fetching = null));
    return this.fetching;
  }

  private async fetchToken(): Promise<Token> {
    const { client_id: clientId = '', client_secret: clientSecret = '' } = this.credentials;
    const askedAt = this.clock.now();
    const response = await this.http
      .send({
        method: 'POST',
        url: TOKEN_URL,
        headers: { Authorization: basicAuth(clientId, clientSecret) },
        form: { grant_type: 'client_credentials' },
      })
      .catch((error: unknown) => {
        // What the token was wanted for has not been asked yet.
        throw beforeTheCall(error);
      });
    if (response.status >= 300) {
      throw new ProviderError('credentials_rejected', refused('to give a token', response).message, {
        httpStatus: response.status,
      });
    }
    const token = isRecord(response.json) ? textOrNull(response.json, 'access_token') : null;
    if (token === null || !/^[\x21-\x7e]+$/.test(token)) throw notUnderstood();
    const lifeMs = isRecord(response.json) ? secondsOf(response.json.expires_in) * 1000 : 0;
    return { header: `Bearer ${token}`, goodUntil: askedAt + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
  }
}

function secondsOf(value: unknown): number {
  const seconds = Number(value);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
