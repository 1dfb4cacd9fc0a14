import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { TelnyxCredentials } from './telnyx.credentials';

const API = 'https://api.telnyx.com/v2';
/** The most that a page may hold. */
const PAGE_SIZE = '250';
/** "Authorization failed", and what Telnyx's OpenAPI file shows in its place. */
const NO_RIGHT = ['10010', '10006'];
/** The call has ended, is not active any more, or never had this identifier. */
const OVER = ['90018', '90055', '90015'];

export type TelnyxRequest = Pick<VendorRequest, 'method' | 'json' | 'form' | 'retry' | 'signal'>;

export interface TelnyxPage {
  readonly items: readonly unknown[];
  /** Number of the page behind this one; `null` on the last. */
  readonly next: number | null;
}

/**
 * Telnyx's API v2: bearer key, JSON, errors with codes in strings.
 * Sources: https://developers.telnyx.com/development/api-fundamentals and the `telnyx` SDK, version 7
 */
export class TelnyxApi {
  constructor(
    private readonly credentials: TelnyxCredentials,
    private readonly http: VendorHttp,
  ) {}

  /** The `data` of an answer; `null` for "not found". */
  async data(path: string, request: TelnyxRequest): Promise<JsonRecord | null> {
    const response = await this.send(path, request);
    if (!response) return null;
    const data = isRecord(response.json) ? response.json.data : undefined;
    if (!isRecord(data)) throw notUnderstood();
    return data;
  }

  /** One page of a list; pages are counted from 1. */
  async page(
    path: string,
    filter: Readonly<Record<string, string>>,
    number: number,
    signal: AbortSignal | undefined,
  ): Promise<TelnyxPage> {
    const query = new URLSearchParams({ ...filter, 'page[number]': String(number), 'page[size]': PAGE_SIZE });
    const body = (await this.send(`${path}?${query.toString()}`, { method: 'GET', signal }))?.json;
    const meta = isRecord(body) ? body.meta : undefined;
    if (!isRecord(body) || !Array.isArray(body.data) || !isRecord(meta)) throw notUnderstood();
    const { page_number: current, total_pages: total } = meta;
    // A page that is not the one asked for would be read for ever.
    if (current !== number || typeof total !== 'number') throw notUnderstood();
    return { items: body.data, next: number < total ? number + 1 : null };
  }

  /** The items of all pages, each page fetched when it is needed. */
  async *all(path: string, filter: Readonly<Record<string, string>>, signal?: AbortSignal): AsyncIterable<unknown> {
    for (let number: number | null = 1; number !== null;) {
      const page: TelnyxPage = await this.page(path, filter, number, signal);
      yield* page.items;
      number = page.next;
    }
  }

  /** The answer; `null` for "not found". */
  async send(path: string, request: TelnyxRequest): Promise<VendorResponse | null> {
    const headers = { Authorization: `Bearer ${this.credentials.api_key}` };
    const response = await this.http.send({ ...request, url: `${API}${path}`, headers });
    if (response.status < 300) return response;
    if (response.status === 404) return null;
    throw refusal(response);
  }
}

function refusal(response: VendorResponse): ProviderError {
  const { status } = response;
  const code = errorCode(response);
  const isRejected = status === 401 || (status === 403 && (code === undefined || NO_RIGHT.includes(code)));
  const what = isRejected ? 'rejected the credentials' : 'refused the request';
  return new ProviderError(
    isRejected ? 'credentials_rejected' : 'permanent',
    `Telnyx ${what} (HTTP ${status}${code ? `, error ${code}` : ''})`,
    { httpStatus: status, vendorCode: code },
  );
}

/** Codes are digits in a string: https://developers.telnyx.com/development/api-fundamentals/api-errors */
function errorCode({ json }: VendorResponse): string | undefined {
  const errors: unknown = isRecord(json) ? json.errors : undefined;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isRecord(first)) return undefined;
  const code = typeof first.code === 'number' ? String(first.code) : textOrNull(first, 'code');
  return code !== null && /^\d{1,8}$/.test(code) ? code : undefined;
}

/** Whether the refusal says that there is no such call any more. */
export function isOver({ vendorCode }: ProviderError): boolean {
  return OVER.includes(vendorCode ?? '');
}

export function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Telnyx gave an answer that is not understood');
}
