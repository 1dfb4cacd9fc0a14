import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import { parseXml, type XmlNode } from '../../support/xml';
import type { BandwidthAuth } from './bandwidth.auth';
import { notUnderstood, refused } from './bandwidth.error';

const NUMBERS = 'https://api.bandwidth.com/api/v2';
const PLATFORM = 'https://api.bandwidth.com/v2';
const VOICE = 'https://voice.bandwidth.com/api/v2';

export type Call = Pick<VendorRequest, 'method' | 'url' | 'json' | 'xml' | 'signal' | 'retry'>;

/**
 * Bandwidth's three APIs: the numbers API speaks XML, those of the Universal Platform and of voice JSON.
 * Sources: https://dev.bandwidth.com/apis/numbers, https://dev.bandwidth.com/apis/voice and
 * https://dev.bandwidth.com/apis/universal-platform-apis
 */
export class BandwidthApi {
  constructor(
    readonly accountId: string,
    private readonly auth: BandwidthAuth,
    private readonly http: VendorHttp,
  ) {}

  /** Of telephone numbers, which are not below an account. */
  tnsUrl(path: string): string {
    return `${NUMBERS}/tns${path}`;
  }

  numbersUrl(path: string): string {
    return `${NUMBERS}/accounts/${this.accountId}${path}`;
  }

  platformUrl(path: string): string {
    return `${PLATFORM}/accounts/${this.accountId}${path}`;
  }

  voiceUrl(path: string): string {
    return `${VOICE}/accounts/${this.accountId}${path}`;
  }

  /** The answer of whatever status; a token that is refused is renewed once. */
  async send(call: Call, accept = 'application/json'): Promise<VendorResponse> {
    const authorization = await this.auth.authorization(call.signal);
    const response = await this.sendAs(call, accept, authorization);
    if (response.status !== 401 || !this.auth.forget(authorization)) return response;
    return this.sendAs(call, accept, await this.auth.authorization(call.signal));
  }

  sendXml(call: Call): Promise<VendorResponse> {
    return this.send(call, 'application/xml');
  }

  /** The root of an XML answer, or `null` for "not found". */
  async xml(what: string, call: Call): Promise<XmlNode | null> {
    const response = await this.sendXml(call);
    if (response.status === 404) return null;
    if (response.status >= 300) throw refused(what, response);
    const root = parseXml(response.text);
    if (!root) throw notUnderstood();
    return root;
  }

  /** A JSON answer, or `null` for "not found". */
  async json(what: string, call: Call): Promise<JsonRecord | null> {
    const response = await this.send(call);
    if (response.status === 404) return null;
    if (response.status >= 300) throw refused(what, response);
    if (!isRecord(response.json)) throw notUnderstood();
    return response.json;
  }

  /** Every item of a list of the Universal Platform; pages are fetched as they are needed. */
  async *items(
    what: string,
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<JsonRecord> {
    const seen = new Set<string>();
    for (let cursor: string | null = null; ;) {
      const search = new URLSearchParams(cursor === null ? query : { ...query, afterCursor: cursor }).toString();
      const url = this.platformUrl(path) + (search && `?${search}`);
      const page: JsonRecord | null = await this.json(what, { method: 'GET', url, signal });
      const items: unknown = page?.data;
      if (!Array.isArray(items)) throw notUnderstood();
      for (const item of items as unknown[]) {
        if (!isRecord(item)) throw notUnderstood();
        yield item;
      }
      cursor = isRecord(page?.page) ? textOrNull(page.page, 'afterCursor') : null;
      if (cursor === null || items.length === 0) return;
      if (seen.has(cursor)) throw notUnderstood();
      seen.add(cursor);
    }
  }

  private sendAs(call: Call, accept: string, authorization: string): Promise<VendorResponse> {
    return this.http.send({ ...call, headers: { Accept: accept, Authorization: authorization } });
  }
}
