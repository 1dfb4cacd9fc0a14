import { VendorReply, VendorRequest } from '../core/vendor';
import { childOf, readXml, writeXml, XmlElement } from '../core/xml';
import { BandwidthAccount } from './bandwidth.account';
import { ApiVersion, BandwidthOrder } from './bandwidth.model';
import { notThere, readNumber, statusError, writeNumber, xmlReply } from './bandwidth.xml';

const ROOT = 'MoveTnsOrderResponse';

/** `POST /accounts/{id}/moveTns`: looks at the place alone; numbers fail later, in the order. */
export function createMove(
  account: BandwidthAccount,
  { text, path }: VendorRequest,
  version: ApiVersion,
  now: number,
): VendorReply {
  const given = readXml(text);
  if (given?.name !== 'MoveTnsOrder') return statusError(ROOT, 400, 1003, 'MoveTnsOrder is required');
  const site = account.site(childOf(given, 'SiteId')?.text);
  const peerId = childOf(given, 'SipPeerId')?.text || undefined;
  const peer = site?.peers.find(({ id, is_default: isDefault }) => (peerId === undefined ? isDefault : id === peerId));
  const faults = [
    ...(site ? [] : [fault(7309, 'The site id was not supplied or is invalid.')]),
    ...(peer || (peerId === undefined && !site) ? [] : [fault(7312, 'The sippeer id is invalid.')]),
  ];
  if (!site || !peer) {
    return xmlReply(400, writeXml(ROOT, [writeXml('ProcessingStatus', 'FAILED'), ...faults]));
  }
  const numbers = numbersOf(given);
  if (!numbers) return statusError(ROOT, 400, 1003, 'TelephoneNumbers is required');
  const customer_order_id = childOf(given, 'CustomerOrderId')?.text ?? null;
  const order = account.order({ kind: 'move', numbers, customer_order_id, site_id: site.id, peer_id: peer.id }, now);
  const headers = { Location: `https://dashboard.bandwidth.com:443${path}/${order.id}` };
  return xmlReply(201, writeXml(ROOT, [moveXml(account, order, version, 'RECEIVED')]), headers);
}

/** `GET /accounts/{id}/moveTns/{orderId}`: the order is the root here. */
export function readMove(account: BandwidthAccount, { params }: VendorRequest, version: ApiVersion): VendorReply {
  const order = account.orders.get(params.order ?? '');
  if (order?.kind !== 'move') return notThere(ROOT);
  account.poll(order);
  return xmlReply(200, moveXml(account, order, version, statusOf(order)));
}

export function statusOf({ result, numbers }: BandwidthOrder): 'PROCESSING' | 'COMPLETE' | 'PARTIAL' | 'FAILED' {
  if (result === null) return 'PROCESSING';
  if (result.failed.length === 0) return 'COMPLETE';
  return result.failed.length === numbers.length ? 'FAILED' : 'PARTIAL';
}

function moveXml(account: BandwidthAccount, order: BandwidthOrder, version: ApiVersion, status: string): string {
  const created = new Date(order.created_at).toISOString();
  const failed = order.result?.failed ?? [];
  const list = (numbers: readonly string[]) =>
    writeXml(
      'TelephoneNumbers',
      numbers.map((number) => writeXml('TelephoneNumber', writeNumber(number, version))),
    );
  return writeXml('MoveTnsOrder', [
    writeXml('OrderCreateDate', created),
    writeXml('AccountId', account.id),
    writeXml('CreatedByUser', 'simulator'),
    writeXml('OrderId', order.id),
    ...(order.customer_order_id ? [writeXml('CustomerOrderId', order.customer_order_id)] : []),
    writeXml('LastModifiedDate', created),
    writeXml('SiteId', order.site_id ?? ''),
    list(order.result?.done ?? order.numbers),
    writeXml('ProcessingStatus', status),
    writeXml('SipPeerId', order.peer_id ?? ''),
    ...(failed.length === 0
      ? []
      : [
          writeXml('Errors', [
            writeXml('Error', [
              writeXml('Code', 7518),
              writeXml('Description', 'Telephone Number Not Active.'),
              list(failed),
            ]),
          ]),
        ]),
  ]);
}

/** In this refusal each fault is an `Errors` element of its own. */
function fault(code: number, description: string): string {
  return writeXml('Errors', [writeXml('Code', code), writeXml('Description', description)]);
}

function numbersOf(order: XmlElement): string[] | undefined {
  const given = childOf(order, 'TelephoneNumbers')?.children ?? [];
  const numbers = given.map(({ name, text }) => (name === 'TelephoneNumber' ? readNumber(text) : undefined));
  if (numbers.length === 0 || numbers.includes(undefined)) return undefined;
  return numbers.filter((number) => number !== undefined);
}
