import { randomUUID } from 'node:crypto';
import { VendorReply, VendorRequest } from '../core/vendor';
import { BandwidthAccount } from './bandwidth.account';
import { platformError } from './bandwidth.errors';
import { BandwidthNumber, VoicePackage } from './bandwidth.model';
import { statusOf } from './bandwidth.orders';
import { readNumber } from './bandwidth.xml';

const MAX_LIMIT = 1000;
const NUMBER_CAP = 1000;

/** `GET /v2/accounts/{id}/voiceConfigurationPackages`. */
export function listPackages(account: BandwidthAccount): VendorReply {
  return data(200, account.packages.map(packageJson), { pageSize: account.packages.length });
}

/** Names are not unique. */
export function createPackage(account: BandwidthAccount, { json }: VendorRequest): VendorReply {
  const read = readPackage(account, json, { id: randomUUID(), name: '', ...EMPTY_PACKAGE });
  if ('refused' in read) return read.refused;
  account.packages.push(read.vcp);
  return data(201, packageJson(read.vcp));
}

export function readOnePackage(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const vcp = account.package(params.vcp);
  return vcp ? data(200, packageJson(vcp)) : noPackage();
}

export function patchPackage(account: BandwidthAccount, { params, json }: VendorRequest): VendorReply {
  const former = account.package(params.vcp);
  if (!former) return noPackage();
  const read = readPackage(account, json, former);
  if ('refused' in read) return read.refused;
  account.packages[account.packages.indexOf(former)] = read.vcp;
  return data(200, packageJson(read.vcp));
}

/** Refused while numbers remain: https://github.com/Bandwidth/cli, AGENTS.md. */
export function deletePackage(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const vcp = account.package(params.vcp);
  if (!vcp) return noPackage();
  if (account.numbers().some(({ vcp_id: used }) => used === vcp.id)) {
    return platformError(409, 'conflict', 'Phone numbers are assigned to the voice configuration package');
  }
  account.packages.splice(account.packages.indexOf(vcp), 1);
  return { status: 204, body: undefined };
}

/**
 * `POST …/{vcpId}/phoneNumbers/bulk` with `{"action": "ADD"}`: an upsert, so that a number of another package is moved.
 * Answers without a body. That one foreign number has the whole refused is a choice.
 */
export function assignNumbers(account: BandwidthAccount, { params, json }: VendorRequest): VendorReply {
  const vcp = account.package(params.vcp);
  if (!vcp) return noPackage();
  const given = recordOf(json);
  if (given.action !== 'ADD') return platformError(400, 'validation', 'action must be ADD');
  const numbers = ownedNumbers(account, given.phoneNumbers);
  if ('refused' in numbers) return numbers.refused;
  for (const number of numbers.owned) number.vcp_id = vcp.id;
  return { status: 204, body: undefined };
}

/** `GET /v2/accounts/{id}/phoneNumbers/voice`: has a filter by package, and none by number. */
export function listVoiceNumbers(account: BandwidthAccount, { query }: VendorRequest): VendorReply {
  const limit = Number(query.get('limit') ?? MAX_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return platformError(400, 'validation', `limit must be 1 to ${MAX_LIMIT}`);
  }
  const vcp = query.get('voiceConfigurationPackageId');
  const after = Buffer.from(query.get('afterCursor') ?? '', 'base64url').toString('utf8');
  const found = account
    .numbers()
    .filter(({ number, status, vcp_id }) => status === 'Inservice' && number > after && (!vcp || vcp_id === vcp));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const afterCursor = last && found.length > page.length ? Buffer.from(last.number).toString('base64url') : null;
  const items = page.map(({ number, vcp_id, inbound_activated }) => ({
    phoneNumber: number,
    voiceConfigurationPackageId: vcp_id,
    inboundActivated: inbound_activated,
    outboundNationalActivated: true,
    outboundInternationalActivated: false,
  }));
  return data(200, items, { pageSize: page.length, afterCursor });
}

/** `POST /api/v2/accounts/{id}/serviceActivation`. */
export function createActivation(account: BandwidthAccount, { json }: VendorRequest, now: number): VendorReply {
  const given = recordOf(json);
  const voice = recordOf(given.services).voice;
  if (given.action !== 'ACTIVATE' && given.action !== 'DEACTIVATE') {
    return platformError(400, 'validation', 'action must be ACTIVATE or DEACTIVATE');
  }
  if (!Array.isArray(voice) || !voice.includes('INBOUND')) {
    return platformError(400, 'validation', 'at least one service is required');
  }
  const numbers = ownedNumbers(account, given.phoneNumbers);
  if ('refused' in numbers) return numbers.refused;
  const order = account.order(
    {
      kind: 'activation',
      numbers: numbers.owned.map(({ number }) => number),
      customer_order_id: typeof given.customerOrderId === 'string' ? given.customerOrderId : null,
      activate: given.action === 'ACTIVATE',
    },
    now,
  );
  return data(201, activationJson(order.id, order.customer_order_id, 'RECEIVED'));
}

/** `GET /api/v2/accounts/{id}/serviceActivation/{orderId}`. */
export function readActivation(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const order = account.orders.get(params.order ?? '');
  if (order?.kind !== 'activation') return platformError(404, 'resource.not_found', 'The order was not found');
  account.poll(order);
  return data(200, activationJson(order.id, order.customer_order_id, statusOf(order)));
}

const EMPTY_PACKAGE = { description: null, application_id: null, sip_endpoint: null };

function readPackage(
  account: BandwidthAccount,
  json: unknown,
  former: VoicePackage,
): { vcp: VoicePackage } | { refused: VendorReply } {
  const given = recordOf(json);
  const invalid = (field: string) => ({ refused: platformError(400, 'validation', `${field} is not valid`) });
  const name = given.name ?? former.name;
  if (typeof name !== 'string' || name === '') return invalid('name');
  const description = given.description === undefined ? former.description : given.description;
  if (description !== null && typeof description !== 'string') return invalid('description');
  const applicationId =
    given.httpVoiceV2ApplicationId === undefined ? former.application_id : given.httpVoiceV2ApplicationId;
  if (applicationId !== null) {
    const application = typeof applicationId === 'string' ? account.application(applicationId) : undefined;
    if (!application?.ServiceType.startsWith('Voice')) return invalid('httpVoiceV2ApplicationId');
    return { vcp: { ...former, name, description, application_id: application.ApplicationId } };
  }
  return { vcp: { ...former, name, description, application_id: null } };
}

function packageJson(vcp: VoicePackage): Record<string, unknown> {
  const route = vcp.sip_endpoint && { endpoint: vcp.sip_endpoint, endpointType: 'SIP', priority: 1, weight: 100 };
  return {
    voiceConfigurationPackageId: vcp.id,
    name: vcp.name,
    description: vcp.description,
    httpVoiceV2ApplicationId: vcp.application_id,
    originationRoutePlan: route ? { routes: [route] } : null,
  };
}

function activationJson(orderId: string, customerOrderId: string | null, orderStatus: string) {
  return { orderId, orderStatus, customerOrderId };
}

function ownedNumbers(
  account: BandwidthAccount,
  given: unknown,
): { owned: BandwidthNumber[] } | { refused: VendorReply } {
  const list: unknown[] = Array.isArray(given) ? given : [];
  if (list.length === 0 || list.length > NUMBER_CAP) {
    return { refused: platformError(400, 'validation', `phoneNumbers must hold 1 to ${NUMBER_CAP} numbers`) };
  }
  const owned = list.map((each) =>
    typeof each === 'string' && each.startsWith('+') ? account.number(readNumber(each)) : undefined,
  );
  const found = owned.filter((number) => number?.status === 'Inservice').filter((number) => number !== undefined);
  if (found.length < list.length) {
    return { refused: platformError(400, 'validation', 'phoneNumbers holds numbers that are not on the account') };
  }
  return { owned: found };
}

function data(status: number, body: unknown, page?: Record<string, unknown>): VendorReply {
  return { status, body: { links: [], data: body, errors: [], ...(page ? { page } : {}) } };
}

function noPackage(): VendorReply {
  return platformError(404, 'resource.not_found', 'The voice configuration package was not found');
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
