import { isE164 } from '../../../common/e164';
import type { NumberPage } from '../../contract/route';
import { ProviderError } from '../../contract/provider-error';
import { parseXml, type XmlNode } from '../../support/xml';
import type { BandwidthApi } from './bandwidth.api';
import { notUnderstood, refused } from './bandwidth.error';

/** Bandwidth takes 2,500; at about 450 bytes a number these stay well below what an answer may weigh. */
const PAGE_SIZE = 1000;
/** `InAccount`: ordered, and not yet made to take calls. */
const HELD = new Set(['inservice', 'inaccount']);

/** A number as `tndetails` shows it. */
export interface TnDetails {
  readonly phoneNumber: string;
  readonly siteId: string | null;
  readonly sipPeerId: string | null;
  /** Identifier of a route plan of the number's own; `null` where it has none. */
  readonly routePlan: string | null;
}

/**
 * The account's telephone numbers. `/tns` is not below an account, so each number's `AccountId` is compared.
 * Source: `/tns` and `/tns/{tn}/tndetails` in
 * https://github.com/Bandwidth/api-docs/blob/main/site/specs/numbers_v2.yml
 */
export class BandwidthNumbers {
  constructor(private readonly api: BandwidthApi) {}

  /** One number of the list, which only a credential with the numbers role may read. */
  async verify(signal: AbortSignal | undefined): Promise<void> {
    await this.page(1, 1, signal);
  }

  /** @param after the page to begin with, counted from 1 */
  async *pages(after: string | null, signal: AbortSignal | undefined): AsyncGenerator<NumberPage> {
    if (after !== null && !/^[1-9]\d{0,8}$/.test(after))
      throw new ProviderError('permanent', 'No such page of numbers');
    let former: string | null = null;
    for (let page = Number(after ?? '1'); ; page++) {
      const items = await this.page(page, PAGE_SIZE, signal);
      const first = items[0]?.textAt('FullNumber') ?? null;
      // A server that does not heed `page` would be read for ever.
      if (first !== null && first === former) throw notUnderstood();
      former = first;
      const isLast = items.length < PAGE_SIZE;
      const numbers = items.flatMap((item) => {
        const phoneNumber = this.heldNumber(item);
        return phoneNumber === null ? [] : [{ phoneNumber, providerNumberId: null }];
      });
      yield { numbers, next: isLast ? null : String(page + 1) };
      if (isLast) return;
    }
  }

  /** The number, if the account holds it; 400 is what Bandwidth answers for numbers that it knows nothing of. */
  async find(phoneNumber: string, signal: AbortSignal | undefined): Promise<TnDetails | null> {
    const url = this.api.tnsUrl(`/${encodeURIComponent(phoneNumber)}/tndetails`);
    const response = await this.api.sendXml({ method: 'GET', url, signal });
    if (response.status === 404 || response.status === 400) return null;
    if (response.status >= 300) throw refused('to look up a number', response);
    const details = parseXml(response.text)?.at('TelephoneNumberDetails');
    if (!details) throw notUnderstood();
    if (this.heldNumber(details) !== phoneNumber) return null;
    const plan = details.at('OriginationRoutePlan');
    return {
      phoneNumber,
      siteId: details.textAt('Site', 'Id'),
      sipPeerId: details.textAt('SipPeer', 'PeerId') ?? details.textAt('SipPeer', 'Id'),
      routePlan: plan && (plan.textAt('Id') ?? 'unnamed'),
    };
  }

  private async page(page: number, size: number, signal: AbortSignal | undefined): Promise<XmlNode[]> {
    const query = new URLSearchParams({
      accountId: this.api.accountId,
      status: 'Inservice',
      size: String(size),
      page: String(page),
    });
    const url = this.api.tnsUrl(`?${query.toString()}`);
    const root = await this.api.xml('to list its numbers', { method: 'GET', url, signal });
    if (root?.name !== 'TelephoneNumbersResponse') throw notUnderstood();
    return root.at('TelephoneNumbers')?.children('TelephoneNumber') ?? [];
  }

  /** `null` for another account's number, one that is given up, and one that cannot be E.164. */
  private heldNumber(item: XmlNode): string | null {
    const number = item.textAt('FullNumber');
    const account = item.textAt('AccountId');
    const status = item.textAt('Status');
    if (number === null || account === null) throw notUnderstood();
    if (account !== this.api.accountId || (status !== null && !HELD.has(status.toLowerCase()))) return null;
    return e164Of(number);
  }
}

/** The second version of the API writes E.164, the first ten digits of North America. */
function e164Of(number: string): string | null {
  const e164 = /^\d{10}$/.test(number) ? `+1${number}` : number.replace(/^\+?/, '+');
  return isE164(e164) ? e164 : null;
}
