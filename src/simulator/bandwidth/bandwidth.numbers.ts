import { VendorReply, VendorRequest } from '../core/vendor';
import { writeXml } from '../core/xml';
import { BandwidthAccount } from './bandwidth.account';
import { ApiVersion, BandwidthNumber } from './bandwidth.model';
import { notThere, readNumber, statusError, writeNumber, xmlReply } from './bandwidth.xml';

const MAX_PAGE_SIZE = 2500;
const LAST_MODIFIED = '2024-01-02T03:04:05.000Z';

/** A number with the account that owns it. */
export interface OwnedNumber {
  account: BandwidthAccount;
  number: BandwidthNumber;
}

/**
 * `GET /tns`: knows no account of its own, and lists whoever's numbers are not filtered away. `page` is an ordinal to the
 * official CLI and the first number of the page to the specification; both are taken, and the links carry the latter.
 */
export function listTns(all: readonly OwnedNumber[], { query, path }: VendorRequest, version: ApiVersion): VendorReply {
  const root = 'TelephoneNumbersResponse';
  for (const name of ['page', 'size']) {
    if (!query.get(name)) return statusError(root, 400, 1003, `${name} is required`);
  }
  const size = Number(query.get('size'));
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    return statusError(root, 400, 1006, `The size '${query.get('size')}' is invalid: it must be 1 to ${MAX_PAGE_SIZE}`);
  }
  const found = all.filter(filterOf(query));
  const start = startOf(found, query.get('page') ?? '', size);
  const page = found.slice(start, start + size);
  const after = found[start + size];
  return xmlReply(
    200,
    writeXml(root, [
      writeXml('TelephoneNumberCount', found.length),
      writeXml('Links', [
        writeXml('first', link(path, query, '1', 'first')),
        ...(after ? [writeXml('next', link(path, query, writeNumber(after.number.number, version), 'next'))] : []),
      ]),
      writeXml(
        'TelephoneNumbers',
        page.map((each) => writeXml('TelephoneNumber', summary(each, version))),
      ),
    ]),
  );
}

/** `GET /accounts/{id}/inserviceNumbers`. */
export function listInService(account: BandwidthAccount, request: VendorRequest, version: ApiVersion): VendorReply {
  const { query, path } = request;
  const size = Number(query.get('size') ?? 300);
  const numbers = account.numbers().filter(({ status }) => status === 'Inservice');
  if (numbers.length === 0) return { status: 204, body: undefined };
  const owned = numbers.map((number) => ({ account, number }));
  const start = startOf(owned, query.get('page') ?? '1', size);
  const page = numbers.slice(start, start + size);
  const after = numbers[start + size];
  return xmlReply(
    200,
    writeXml('TNs', [
      writeXml('TotalCount', numbers.length),
      writeXml('Links', [
        writeXml('first', link(path, query, '1', 'first')),
        ...(after ? [writeXml('next', link(path, query, writeNumber(after.number, version), 'next'))] : []),
      ]),
      writeXml('TelephoneNumbers', [
        writeXml('Count', page.length),
        ...page.map(({ number }) => writeXml('TelephoneNumber', writeNumber(number, version))),
      ]),
    ]),
  );
}

/** `GET /tns/{tn}/tndetails`: of anybody's number; whose it is, `AccountId` tells. */
export function tnDetails(owned: OwnedNumber | undefined, given: string, version: ApiVersion): VendorReply {
  const root = 'TelephoneNumberResponse';
  if (readNumber(given) === undefined) {
    return statusError(root, 400, 12512, `Telephone number '${given}' is not valid`);
  }
  if (!owned) return notThere(root);
  const place = owned.account.placeOf(owned.number.peer_id);
  const details = [
    ...summary(owned, version),
    ...(place
      ? [
          writeXml('Site', [writeXml('Id', place.site.id), writeXml('Name', place.site.name)]),
          writeXml('SipPeer', [
            writeXml('PeerId', place.peer.id),
            writeXml('PeerName', place.peer.name),
            writeXml('IsDefaultPeer', String(place.peer.is_default)),
          ]),
        ]
      : []),
    writeXml('ServiceTypes', [writeXml('ServiceType', 'Voice')]),
    writeXml('Features'),
  ];
  return xmlReply(200, writeXml(root, [writeXml('TelephoneNumberDetails', details)]));
}

/** `GET /tns/{tn}/sites` and `/tns/{tn}/sippeers`. */
export function tnPlace(owned: OwnedNumber | undefined, root: 'Site' | 'SipPeer'): VendorReply {
  const place = owned?.account.placeOf(owned.number.peer_id);
  if (!place) return notThere(root);
  const { id, name } = root === 'Site' ? place.site : place.peer;
  return xmlReply(200, writeXml(root, [writeXml('Id', id), writeXml('Name', name)]));
}

function summary({ account, number }: OwnedNumber, version: ApiVersion): string[] {
  return [
    writeXml('City', 'CARY'),
    writeXml('Lata', '426'),
    writeXml('State', 'NC'),
    writeXml('FullNumber', writeNumber(number.number, version)),
    writeXml('Tier', '0'),
    writeXml('VendorId', '49'),
    writeXml('VendorName', 'Bandwidth CLEC'),
    writeXml('RateCenter', 'CARY'),
    writeXml('Status', number.status),
    writeXml('AccountId', account.id),
    writeXml('LastModified', LAST_MODIFIED),
  ];
}

function filterOf(query: URLSearchParams): (owned: OwnedNumber) => boolean {
  const accountId = query.get('accountId');
  const statuses = query.get('status')?.split(',');
  const fullNumber = query.get('fullNumber');
  const wanted = fullNumber === null ? undefined : (readNumber(fullNumber) ?? '');
  return ({ account, number }) =>
    (accountId === null || account.id === accountId) &&
    (statuses === undefined || statuses.includes(number.status)) &&
    (wanted === undefined || number.number === wanted);
}

function startOf(numbers: readonly OwnedNumber[], page: string, size: number): number {
  const first = readNumber(page);
  if (first === undefined) return (Math.max(1, Number(page) || 1) - 1) * size;
  const position = numbers.findIndex(({ number }) => number.number === first);
  return position < 0 ? numbers.length : position;
}

function link(path: string, query: URLSearchParams, page: string, rel: string): string {
  const next = new URLSearchParams(query);
  next.set('page', page);
  return `Link=<https://dashboard.bandwidth.com:443${path}?${next.toString()}>;rel="${rel}";`;
}
