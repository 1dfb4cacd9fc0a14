import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { basicAuth } from '../../support/basic-auth';
import { isRecord, type JsonRecord } from '../../support/json';
import type { PlivoCredentials } from './plivo.credentials';

const API = 'https://api.plivo.com/v1/Account';
/** The largest that Plivo serves: https://www.plivo.com/docs/numbers/api/account-phone-number/list-all-my-numbers/ */
const PAGE_SIZE = 20;

export type PlivoRequest = Pick<VendorRequest, 'method' | 'json' | 'retry' | 'signal'>;

export interface PlivoPage {
  readonly objects: readonly unknown[];
  /** Where the next page begins; `null` behind the last one. */
  readonly next: number | null;
}

/**
 * Plivo's REST API below one account. Error bodies are not read: `error` is now a text, now an object, and a 401 has no
 * JSON at all, while the status says all there is to know.
 * Source: https://www.plivo.com/docs/account/api/response
 */
export class PlivoApi {
  private readonly accountUrl: string;
  private readonly authorization: string;

  constructor(
    { auth_id: authId, auth_token: authToken }: PlivoCredentials,
    private readonly http: VendorHttp,
  ) {
    this.accountUrl = `${API}/${encodeURIComponent(authId)}`;
    this.authorization = basicAuth(authId, authToken);
  }

  /**
   * The answer of any status that may be an answer to the request, 2xx, 400 and 404, for the caller to judge.
   * @param path of path segments, each with a slash behind it, the last one too: without it Plivo redirects
   */
  async ask(path: `${string}/`, request: PlivoRequest, query = ''): Promise<VendorResponse> {
    const url = `${this.accountUrl}/${path}${query}`;
    const response = await this.http.send({ ...request, url, headers: { Authorization: this.authorization } });
    if (response.status < 300 || response.status === 400 || response.status === 404) return response;
    throw refused(response.status, request.method === 'POST' ? path : '');
  }

  /** The object at a path, or `null` where there is none. */
  async read(path: `${string}/`, signal: AbortSignal | undefined, query = ''): Promise<JsonRecord | null> {
    const response = await this.ask(path, { method: 'GET', signal }, query);
    if (response.status === 404) return null;
    if (response.status === 400) throw refused(400, path);
    if (!isRecord(response.json)) throw notUnderstood();
    return response.json;
  }

  /** @param path of a list; of an account that is unknown to Plivo there is none */
  async page(
    path: `${string}/`,
    offset: number,
    signal: AbortSignal | undefined,
    filter: Readonly<Record<string, string>> = {},
  ): Promise<PlivoPage> {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), offset: String(offset), ...filter });
    const response = await this.ask(path, { method: 'GET', signal }, `?${query.toString()}`);
    if (response.status === 404) {
      throw new ProviderError('credentials_rejected', 'Plivo knows no such account for these credentials', {
        httpStatus: 404,
      });
    }
    if (response.status === 400) throw refused(400, path);
    return pageOf(response.json, offset);
  }
}

/** Plivo answers 403 to `POST Call/` for a country that the account may not call, and that is no matter of credentials. */
function refused(status: number, path: string): ProviderError {
  const isRejected = status === 401 || (status === 403 && path !== 'Call/');
  const message = `Plivo ${isRejected ? 'rejected the credentials' : 'refused the request'} (HTTP ${status})`;
  return new ProviderError(isRejected ? 'credentials_rejected' : 'permanent', message, { httpStatus: status });
}

/** `meta.next` is a path; only whether there is one counts, so that no link is followed anywhere. */
function pageOf(body: unknown, offset: number): PlivoPage {
  if (!isRecord(body) || !isRecord(body.meta) || !Array.isArray(body.objects)) throw notUnderstood();
  const objects: unknown[] = body.objects;
  const { next, total_count: total } = body.meta;
  const end = offset + objects.length;
  const hasMore = (typeof next === 'string' && next !== '') || (typeof total === 'number' && total > end);
  // A page without anything on it would be asked for again and again.
  if (hasMore && objects.length === 0) throw notUnderstood();
  return { objects, next: hasMore ? end : null };
}

export function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Plivo gave an answer that is not understood');
}

export function requestRefused(status: number): ProviderError {
  return refused(status, '');
}
