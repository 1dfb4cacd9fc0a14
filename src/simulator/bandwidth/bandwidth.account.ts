import { randomUUID } from 'node:crypto';
import { BandwidthApplication } from './bandwidth.application';
import {
  AccountKind,
  BANDWIDTH_ROLES,
  BandwidthNumber,
  BandwidthOrder,
  BandwidthRole,
  SipPeer,
  Site,
  VoicePackage,
  VoiceTarget,
} from './bandwidth.model';
import { BandwidthAccountSeed, BandwidthNumberSeed } from './bandwidth.seed';

/** An order that nobody asks about is carried out all the same, after this time. */
const ORDER_TIME_MS = 30_000;
const KEPT_ORDERS = 1000;

/** One Bandwidth account: its credentials, numbers and everything that decides where their calls go. */
export class BandwidthAccount {
  readonly id: string;
  readonly kind: AccountKind;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly roles: ReadonlySet<BandwidthRole>;
  readonly hasHttpVoice: boolean;
  orderPolls: number;
  readonly sites: Site[];
  readonly applications: BandwidthApplication[];
  readonly packages: VoicePackage[];
  readonly orders = new Map<string, BandwidthOrder>();
  private readonly byNumber = new Map<string, BandwidthNumber>();
  private sorted: BandwidthNumber[] | null = null;

  constructor(seed: BandwidthAccountSeed) {
    this.id = seed.account_id;
    this.kind = seed.kind;
    this.clientId = seed.client_id;
    this.clientSecret = seed.client_secret;
    this.username = seed.username;
    this.password = seed.password;
    this.roles = new Set((seed.roles ?? BANDWIDTH_ROLES).filter((role) => role !== 'vcp' || seed.kind === 'universal'));
    this.hasHttpVoice = seed.http_voice ?? true;
    this.orderPolls = seed.order_polls ?? 1;
    this.sites = structuredClone(seed.sites ?? []);
    if (this.sites.length === 0) this.addSite('Default site', '');
    for (const site of this.sites) if (site.peers.length === 0) this.addPeer(site, 'Default peer', true);
    this.applications = structuredClone(seed.applications ?? []);
    this.packages = structuredClone(seed.packages ?? []);
    for (const order of structuredClone(seed.orders ?? [])) this.orders.set(order.id, order);
  }

  /** What a seed needs to mean this account. */
  get identity(): Pick<BandwidthAccountSeed, 'account_id' | 'kind' | 'client_id' | 'client_secret'> {
    return { account_id: this.id, kind: this.kind, client_id: this.clientId, client_secret: this.clientSecret };
  }

  /** A freshly bought number is let through to nobody before its inbound service is activated. */
  addNumber(seed: BandwidthNumberSeed): void {
    if (this.byNumber.has(seed.number)) return;
    const peer = this.sites.flatMap(({ peers }) => peers).find(({ is_default: isDefault }) => isDefault);
    const peerId = peer?.id ?? this.sites[0]?.peers[0]?.id ?? '';
    const fresh = { status: 'Inservice', peer_id: peerId, vcp_id: null, inbound_activated: false };
    this.byNumber.set(seed.number, { ...fresh, ...seed });
    this.sorted = null;
  }

  removeNumber(e164: string): void {
    this.byNumber.delete(e164);
    this.sorted = null;
  }

  number(e164: string | undefined): BandwidthNumber | undefined {
    return e164 === undefined ? undefined : this.byNumber.get(e164);
  }

  /** In numeric order, which is the order of the lists. */
  numbers(): readonly BandwidthNumber[] {
    this.sorted ??= [...this.byNumber.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
    return this.sorted;
  }

  site(id: string | undefined): Site | undefined {
    return this.sites.find((site) => site.id === id);
  }

  placeOf(peerId: string): { site: Site; peer: SipPeer } | undefined {
    for (const site of this.sites) {
      const peer = site.peers.find(({ id }) => id === peerId);
      if (peer) return { site, peer };
    }
    return undefined;
  }

  addSite(name: string, description: string): Site {
    const site: Site = { id: this.nextId(this.sites, 40_000), name, description, peers: [] };
    this.sites.push(site);
    return site;
  }

  addPeer(site: Site, name: string, isDefault: boolean): SipPeer {
    const id = this.nextId(
      this.sites.flatMap(({ peers }) => peers),
      500_000,
    );
    // A site has one default peer, and its first is always that.
    const is_default = isDefault || site.peers.length === 0;
    if (is_default) for (const peer of site.peers) peer.is_default = false;
    const peer: SipPeer = { id, name, is_default, voice_protocol: 'SIP', application_id: null, voice_hosts: [] };
    site.peers.push(peer);
    return peer;
  }

  application(id: string | null | undefined): BandwidthApplication | undefined {
    return this.applications.find(({ ApplicationId }) => ApplicationId === id);
  }

  package(id: string | null | undefined): VoicePackage | undefined {
    return this.packages.find((each) => each.id === id);
  }

  /** What a call to the number would do, or `undefined` when the account does not own it. */
  voiceTarget(e164: string): VoiceTarget | undefined {
    const number = this.byNumber.get(e164);
    if (!number) return undefined;
    if (this.kind === 'legacy') {
      const peer = this.placeOf(number.peer_id)?.peer;
      const via = `sippeer ${number.peer_id}`;
      if (peer?.voice_protocol === 'SIP') return { kind: peer.voice_hosts.length > 0 ? 'sip' : 'none', via };
      return this.applicationTarget(peer?.application_id, via);
    }
    const via = `vcp ${number.vcp_id}`;
    const vcp = this.package(number.vcp_id);
    if (!vcp || !number.inbound_activated) return { kind: 'none', via: vcp ? `${via}, not activated` : 'no vcp' };
    if (!vcp.application_id && vcp.sip_endpoint) return { kind: 'sip', via };
    return this.applicationTarget(vcp.application_id, via);
  }

  order(given: Pick<BandwidthOrder, 'kind' | 'numbers' | 'customer_order_id'> & Partial<BandwidthOrder>, now: number) {
    const order: BandwidthOrder = {
      site_id: null,
      peer_id: null,
      activate: null,
      ...given,
      id: randomUUID(),
      created_at: now,
      polls_left: this.orderPolls,
      result: null,
    };
    this.orders.set(order.id, order);
    for (const [id, { result }] of this.orders) {
      if (this.orders.size <= KEPT_ORDERS) break;
      if (result !== null) this.orders.delete(id);
    }
    return order;
  }

  /** Somebody asks how far the order is. */
  poll(order: BandwidthOrder): void {
    if (order.polls_left > 0) order.polls_left -= 1;
    else if (order.result === null) this.carryOut(order);
  }

  /** Carries out whatever is old enough. */
  settleOrders(now: number): void {
    for (const order of this.orders.values()) {
      if (order.result === null && now - order.created_at >= ORDER_TIME_MS) this.carryOut(order);
    }
  }

  snapshot(): BandwidthAccountSeed {
    return {
      ...this.identity,
      username: this.username,
      password: this.password,
      roles: [...this.roles],
      http_voice: this.hasHttpVoice,
      order_polls: this.orderPolls,
      sites: this.sites,
      applications: this.applications,
      packages: this.packages,
      numbers: [...this.byNumber.values()],
      orders: [...this.orders.values()],
    };
  }

  private applicationTarget(id: string | null | undefined, via: string): VoiceTarget {
    const application = this.application(id);
    if (!application) return { kind: 'none', via };
    return {
      kind: 'application',
      via,
      application_id: application.ApplicationId,
      url: application.CallInitiatedCallbackUrl ?? null,
      status_url: application.CallStatusCallbackUrl ?? null,
    };
  }

  private carryOut(order: BandwidthOrder): void {
    const isMovable = (number: string) => this.byNumber.get(number)?.status === 'Inservice';
    const done = order.numbers.filter(isMovable);
    for (const e164 of done) {
      const number = this.byNumber.get(e164);
      if (!number) continue;
      if (order.kind === 'move') number.peer_id = order.peer_id ?? number.peer_id;
      else number.inbound_activated = order.activate ?? number.inbound_activated;
    }
    order.result = { done, failed: order.numbers.filter((number) => !isMovable(number)) };
  }

  private nextId(taken: readonly { id: string }[], from: number): string {
    return String(Math.max(from, ...taken.map(({ id }) => Number(id))) + 1);
  }
}
