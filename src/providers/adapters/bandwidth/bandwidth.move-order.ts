import { ProviderError } from '../../contract/provider-error';
import { element, xmlDocument, type XmlNode } from '../../support/xml';
import type { BandwidthApi } from './bandwidth.api';
import { notUnderstood, orderCode } from './bandwidth.error';
import type { Patience } from './bandwidth.patience';

const TERMINAL = new Set(['COMPLETE', 'PARTIAL', 'FAILED']);

/** A sub-account and a location in it; Bandwidth's API calls them site and SIP peer. */
export interface Location {
  readonly siteId: string;
  readonly sipPeerId: string;
}

/**
 * Moves a number to another location, which is an order that Bandwidth carries out later.
 * Source: `/accounts/{accountId}/moveTns` in https://github.com/Bandwidth/api-docs/blob/main/site/specs/numbers_v2.yml
 */
export class MoveOrders {
  /** By which an earlier order of ours is found; Bandwidth takes letters, digits, dashes and spaces. */
  private readonly customerOrderId: string;

  constructor(
    name: string,
    private readonly api: BandwidthApi,
    private readonly patience: Patience,
  ) {
    this.customerOrderId = name.replace(/[^A-Za-z0-9-]/g, '-');
  }

  /** Waits for orders of ours that somebody has stopped waiting for. Whether there were any. */
  async settle(phoneNumber: string, signal: AbortSignal | undefined): Promise<boolean> {
    const query = new URLSearchParams({ tn: phoneNumber, customerOrderId: this.customerOrderId });
    const url = this.api.numbersUrl(`/moveTns?${query.toString()}`);
    const root = await this.api.xml('to list its orders', { method: 'GET', url, signal });
    const open = (root?.children('MoveTnsOrderSummary') ?? []).filter((order) => {
      const status = order.textAt('OrderStatus');
      return status === 'RECEIVED' || status === 'PROCESSING';
    });
    for (const order of open) await this.outcome(idOf(order), signal);
    return open.length > 0;
  }

  /** @throws ProviderError `permanent` where the order fails */
  async move(phoneNumber: string, to: Location, signal: AbortSignal | undefined): Promise<void> {
    const xml = xmlDocument(
      element(
        'MoveTnsOrder',
        {},
        element('CustomerOrderId', {}, this.customerOrderId),
        element('SiteId', {}, to.siteId),
        element('SipPeerId', {}, to.sipPeerId),
        element('TelephoneNumbers', {}, element('TelephoneNumber', {}, phoneNumber)),
      ),
    );
    const url = this.api.numbersUrl('/moveTns');
    const root = await this.api.xml('to move the number', { method: 'POST', url, xml, signal });
    const order = await this.outcome(idOf(orderIn(root)), signal);
    if (order.textAt('ProcessingStatus') === 'COMPLETE') return;
    throw new ProviderError('permanent', 'Bandwidth could not move the number to the location', {
      vendorCode: orderCode(order),
    });
  }

  private outcome(id: string, signal: AbortSignal | undefined): Promise<XmlNode> {
    const url = this.api.numbersUrl(`/moveTns/${encodeURIComponent(id)}`);
    return this.patience.until(async () => {
      const order = orderIn(await this.api.xml('to read its order', { method: 'GET', url, signal }));
      const status = order.textAt('ProcessingStatus');
      if (status === null) throw notUnderstood();
      return TERMINAL.has(status) ? order : null;
    }, signal);
  }
}

/** An order is the root of some answers and is inside `MoveTnsOrderResponse` in others. */
function orderIn(root: XmlNode | null): XmlNode {
  const order = root?.name === 'MoveTnsOrder' ? root : root?.at('MoveTnsOrder');
  if (!order) throw notUnderstood();
  return order;
}

function idOf(order: XmlNode): string {
  const id = order.textAt('OrderId');
  if (id === null) throw notUnderstood();
  return id;
}
