import { BadInput, choiceOf, e164Of, flagOf, integerOf, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';
import {
  APPLICATION_CREDENTIALS,
  APPLICATION_TEXTS,
  BandwidthApplication,
  Credentials,
  SERVICE_TYPES,
} from './bandwidth.application';
import {
  ACCOUNT_KINDS,
  AccountKind,
  BANDWIDTH_ROLES,
  BandwidthNumber,
  BandwidthOrder,
  BandwidthRole,
  SipPeer,
  Site,
  VoicePackage,
} from './bandwidth.model';
import { parseOrder } from './bandwidth.order.seed';

/** A number to own: without a peer it is in the first site's default peer. */
export type BandwidthNumberSeed = Pick<BandwidthNumber, 'number'> & Partial<BandwidthNumber>;

export interface BandwidthAccountSeed {
  /** Digits. */
  account_id: string;
  kind: AccountKind;
  /** OAuth2 client credentials. */
  client_id: string;
  client_secret: string;
  /** The older API user, for HTTP Basic; an account need not have one. */
  username?: string;
  password?: string;
  /** All of them unless given; nobody has `vcp` at a legacy account. */
  roles?: BandwidthRole[];
  /** `false`: the account may not have voice applications. */
  http_voice?: boolean;
  /** How often an order is read as being processed before it is carried out; 1 unless given. */
  order_polls?: number;
  /** One site with one default peer unless given. */
  sites?: Site[];
  applications?: BandwidthApplication[];
  packages?: VoicePackage[];
  numbers?: (string | BandwidthNumberSeed)[];
  /** Further numbers, counted up from the first. */
  generate?: NumberRange;
  orders?: BandwidthOrder[];
}

export interface BandwidthSeed {
  accounts?: BandwidthAccountSeed[];
}

const ACCOUNT_KEYS = [
  'account_id',
  'kind',
  'client_id',
  'client_secret',
  'username',
  'password',
  'roles',
  'http_voice',
  'order_polls',
  'sites',
  'applications',
  'packages',
  'numbers',
  'generate',
  'orders',
];

export function parseBandwidthSeed(input: unknown): BandwidthSeed {
  const seed = recordOf(input, 'bandwidth', ['accounts']);
  return { accounts: listOf(seed.accounts, 'bandwidth.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): BandwidthAccountSeed {
  const where = `bandwidth.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  const list = <Item>(name: string, parse: (item: unknown, at: string) => Item): Item[] | undefined =>
    account[name] === undefined
      ? undefined
      : listOf(account[name], `${where}.${name}`).map((item, at) => parse(item, `${where}.${name}[${at}]`));
  return {
    account_id: digitsOf(account.account_id, `${where}.account_id`),
    kind: choiceOf(account.kind, ACCOUNT_KINDS, `${where}.kind`),
    client_id: textOf(account.client_id, `${where}.client_id`),
    client_secret: textOf(account.client_secret, `${where}.client_secret`),
    username: textOr(account.username, undefined, `${where}.username`),
    password: textOr(account.password, undefined, `${where}.password`),
    roles: list('roles', (role, at) => choiceOf(role, BANDWIDTH_ROLES, at)),
    http_voice: account.http_voice === undefined ? undefined : flagOf(account.http_voice, `${where}.http_voice`),
    order_polls:
      account.order_polls === undefined ? undefined : integerOf(account.order_polls, 0, 1000, `${where}.order_polls`),
    sites: list('sites', parseSite),
    applications: list('applications', parseApplication),
    packages: list('packages', parsePackage),
    numbers: list('numbers', parseNumber),
    generate: parseNumberRange(account.generate, `${where}.generate`),
    orders: list('orders', parseOrder),
  };
}

function parseSite(input: unknown, where: string): Site {
  const site = recordOf(input, where, ['id', 'name', 'description', 'peers']);
  return {
    id: digitsOf(site.id, `${where}.id`),
    name: textOf(site.name, `${where}.name`),
    description: textOr(site.description, '', `${where}.description`),
    peers: listOf(site.peers, `${where}.peers`).map((peer, at) => parsePeer(peer, `${where}.peers[${at}]`)),
  };
}

function parsePeer(input: unknown, where: string): SipPeer {
  const keys = ['id', 'name', 'is_default', 'voice_protocol', 'application_id', 'voice_hosts'];
  const peer = recordOf(input, where, keys);
  return {
    id: digitsOf(peer.id, `${where}.id`),
    name: textOf(peer.name, `${where}.name`),
    is_default: flagOf(peer.is_default, `${where}.is_default`),
    voice_protocol: choiceOf(peer.voice_protocol ?? 'SIP', ['SIP', 'HTTP'], `${where}.voice_protocol`),
    application_id: textOr(peer.application_id, null, `${where}.application_id`),
    voice_hosts: listOf(peer.voice_hosts, `${where}.voice_hosts`).map((host, at) =>
      textOf(host, `${where}.voice_hosts[${at}]`),
    ),
  };
}

function parseApplication(input: unknown, where: string): BandwidthApplication {
  const keys = ['ApplicationId', 'ServiceType', 'AppName', ...APPLICATION_TEXTS, ...APPLICATION_CREDENTIALS];
  const given = recordOf(input, where, keys);
  const application: BandwidthApplication = {
    ApplicationId: textOf(given.ApplicationId, `${where}.ApplicationId`),
    ServiceType: choiceOf(given.ServiceType, SERVICE_TYPES, `${where}.ServiceType`),
    AppName: textOf(given.AppName, `${where}.AppName`),
  };
  for (const name of APPLICATION_TEXTS) {
    const text = textOr(given[name], undefined, `${where}.${name}`);
    if (text !== undefined) application[name] = text;
  }
  for (const name of APPLICATION_CREDENTIALS) {
    if (given[name] !== undefined) application[name] = parseCredentials(given[name], `${where}.${name}`);
  }
  return application;
}

function parseCredentials(input: unknown, where: string): Credentials {
  const { UserId, Password } = recordOf(input, where, ['UserId', 'Password']);
  return { UserId: textOf(UserId, `${where}.UserId`), Password: textOf(Password, `${where}.Password`) };
}

function parsePackage(input: unknown, where: string): VoicePackage {
  const given = recordOf(input, where, ['id', 'name', 'description', 'application_id', 'sip_endpoint']);
  return {
    id: textOf(given.id, `${where}.id`),
    name: textOf(given.name, `${where}.name`),
    description: textOr(given.description, null, `${where}.description`),
    application_id: textOr(given.application_id, null, `${where}.application_id`),
    sip_endpoint: textOr(given.sip_endpoint, null, `${where}.sip_endpoint`),
  };
}

function parseNumber(input: unknown, where: string): BandwidthNumberSeed {
  if (typeof input === 'string') return { number: e164Of(input, where) };
  const given = recordOf(input, where, ['number', 'status', 'peer_id', 'vcp_id', 'inbound_activated']);
  const parsed: BandwidthNumberSeed = { number: e164Of(given.number, `${where}.number`) };
  if (given.status !== undefined) parsed.status = textOf(given.status, `${where}.status`);
  if (given.peer_id !== undefined) parsed.peer_id = digitsOf(given.peer_id, `${where}.peer_id`);
  if (given.vcp_id !== undefined) parsed.vcp_id = textOr(given.vcp_id, null, `${where}.vcp_id`);
  if (given.inbound_activated !== undefined) {
    parsed.inbound_activated = flagOf(given.inbound_activated, `${where}.inbound_activated`);
  }
  return parsed;
}

function digitsOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^\d{1,12}$/.test(value)) throw new BadInput(`${where} must be a string of digits`);
  return value;
}
