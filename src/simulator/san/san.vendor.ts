import { SIM_CALL_ENDS } from '../core/call';
import { BadInput, choiceOf, e164Of, recordOf } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { isWebSocketUrl, parseSanCall, SanCall, webSocketUrlOf } from './san.call';
import { SanCalls } from './san.calls';
import { DEMO_SAN_ACCOUNT, DEMO_SAN_SEED } from './san.demo';
import { SanCallReport } from './san.line';
import { parseSanSeed, SanNumber, SanSeed, SanTenantSeed } from './san.seed';
import { SanTokens } from './san.token';

interface SanTenant extends Omit<SanTenantSeed, 'numbers' | 'generate'> {
  /** `tenant-1` and so on, in the order of their coming: San's own names for them are hosts. */
  readonly id: string;
  readonly numbers: Map<string, SanNumber>;
}

const BASE = '/pbxadmin/sanpbxapi';
/** `caller_id` is "the DID as San names it": its last seven digits, or more of them. */
const SHORTEST_CALLER_ID = 7;

/**
 * San Software's PBX. San publishes no documentation, so this follows what third-party clients send and tolerate: a call
 * for a token, two for calls, and a WebSocket that the PBX opens by itself. There is no API for numbers and none for
 * routes: support binds a number by hand.
 */
export class SanVendor implements Vendor<SanSeed> {
  readonly prefixes = [BASE];
  readonly routes: readonly VendorRoute[] = [
    { method: 'post', path: `${BASE}/gentoken`, effect: 'read', handle: (request) => this.generateToken(request) },
    { method: 'post', path: `${BASE}/dialcall`, effect: 'write', handle: (request) => this.dialCall(request) },
    {
      method: 'post',
      path: `${BASE}/calldisconnect`,
      effect: 'write',
      handle: (request) => this.disconnectCall(request),
    },
  ];
  readonly calls = null;
  readonly demoSeed = DEMO_SAN_SEED;
  readonly demos = [DEMO_SAN_ACCOUNT] as const;
  readonly adminRoutes: readonly VendorRoute[] = [
    { method: 'post', path: '/support', effect: 'write', handle: ({ json }) => this.support(json) },
    {
      method: 'post',
      path: '/call',
      effect: 'read',
      handle: async ({ json }) => ({
        status: 200,
        body: await this.call(parseSanCall(json, (to) => this.numberOf(to)?.websocket_url ?? null)),
      }),
    },
    { method: 'get', path: '/calls', effect: 'read', handle: () => ok({ calls: this.book.list() }) },
    { method: 'get', path: '/calls/:id', effect: 'read', handle: (request) => this.readCall(request) },
    { method: 'delete', path: '/calls', effect: 'read', handle: () => this.clearCalls() },
    { method: 'post', path: '/calls/:id/end', effect: 'read', handle: (request) => this.endCall(request) },
    { method: 'post', path: '/outcome', effect: 'read', handle: ({ json }) => this.setOutcome(json) },
  ];
  /** What has become of its calls; they are WebSockets, which `CallBook` does not know. */
  readonly book: SanCalls;
  private readonly tenants = new Map<string, SanTenant>();
  private readonly tokens: SanTokens;

  constructor(context: VendorContext) {
    this.book = new SanCalls(() => context.now());
    this.tokens = new SanTokens(() => context.now());
  }

  /** The tenant that an access token opens. */
  tenant(accessToken: string): SanTenant | undefined {
    return this.tenants.get(accessToken);
  }

  /** Makes the PBX put a call through to a WebSocket. Resolves also when nobody answers. */
  call(call: SanCall): Promise<SanCallReport> {
    return this.book.receive(call, this.holderOf(call.to)?.id ?? '');
  }

  failure(status: number): VendorReply {
    return failed(status === 404 ? 'Not found' : `Request failed (${status})`, status);
  }

  parseSeed(input: unknown): SanSeed {
    return parseSanSeed(input);
  }

  seed(seed: SanSeed): void {
    const owners = new Map(
      [...this.tenants.values()].flatMap((tenant) => [...tenant.numbers.keys()].map((n) => [n, tenant.access_token])),
    );
    const additions = (seed.tenants ?? []).map((tenant) => ({ tenant, numbers: numbersOf(tenant) }));
    for (const { tenant, numbers } of additions) {
      for (const { number } of numbers) {
        const owner = owners.get(number) ?? tenant.access_token;
        if (owner !== tenant.access_token) throw new BadInput(`${number} belongs to another tenant already`);
        owners.set(number, tenant.access_token);
      }
    }
    for (const { tenant: given, numbers } of additions) {
      const { access_token, access_key, app_id, basic } = given;
      const fresh = { access_token, access_key, app_id, basic, numbers: new Map<string, SanNumber>() };
      const tenant = this.tenants.get(access_token) ?? { id: `tenant-${this.tenants.size + 1}`, ...fresh };
      this.tenants.set(access_token, tenant);
      for (const number of numbers) if (!tenant.numbers.has(number.number)) tenant.numbers.set(number.number, number);
    }
  }

  snapshot(): SanSeed {
    return {
      tenants: [...this.tenants.values()].map(({ access_token, access_key, app_id, basic, numbers }) => ({
        access_token,
        access_key,
        app_id,
        basic,
        numbers: [...numbers.values()],
      })),
    };
  }

  hold(tenantId: string, numbers: readonly string[]): void {
    const tenant = this.byId(tenantId);
    if (!tenant) throw new BadInput(`there is no ${tenantId}`);
    const { access_token, access_key, app_id, basic } = tenant;
    this.seed({ tenants: [{ access_token, access_key, app_id, basic, numbers: [...numbers] }] });
  }

  release(number: string): void {
    for (const { numbers } of this.tenants.values()) numbers.delete(number);
  }

  /** What support does by hand: `null` takes the binding away. */
  bind(number: string, websocketUrl: string | null): SanNumber {
    const owned = this.numberOf(number);
    if (!owned) throw new BadInput(`no tenant has ${number}`);
    owned.websocket_url = websocketUrl === null ? null : webSocketUrlOf(websocketUrl, 'websocket_url');
    return owned;
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.tenants.values()].map((tenant) => ({
        account: tenant.id,
        numbers: [...tenant.numbers.values()].map((number) => ({
          number: number.number,
          id: number.number,
          route: { app_id: tenant.app_id, websocket_url: number.websocket_url },
        })),
      })),
    };
  }

  /**
   * What San answers to wrong credentials is unknown. Clients treat an answer without `Apitoken` as a refusal, so that
   * is all this one promises, with a 200 as the less convenient choice.
   */
  private generateToken(request: VendorRequest): VendorReply {
    const tenant = this.tenants.get(request.header('accesstoken') ?? '');
    const { access_key: key } = fieldsOf(request.json);
    if (!tenant || key !== tenant.access_key || !basicMatches(tenant, request.header('authorization'))) {
      return failed('Invalid access token or access key');
    }
    const { text, expiryTime } = this.tokens.issue(tenant.id);
    return ok({ status: 'success', Apitoken: text, expiry_time: expiryTime });
  }

  /** Rings after it has answered. Without a `websocket_url` the call goes where the number is bound to. */
  private dialCall(request: VendorRequest): VendorReply {
    const tenant = this.bearerOf(request);
    if (!tenant) return failed('Invalid or expired Apitoken');
    const given = fieldsOf(request.json);
    if (given.appid !== tenant.app_id) return failed('Invalid appid');
    const to = typeof given.call_to === 'string' ? /^0([1-9]\d{9})$/.exec(given.call_to)?.[1] : undefined;
    if (to === undefined) return failed('Invalid call_to');
    const own = callerOf(tenant, given.caller_id);
    if (!own) return failed('Invalid caller_id');
    const websocketUrl = given.websocket_url ?? own.websocket_url;
    if (!isWebSocketUrl(websocketUrl)) return failed('Invalid websocket_url');
    const callback = given.status_callback ?? null;
    if (callback !== null && !(typeof callback === 'string' && /^https?:\/\//i.test(callback))) {
      return failed('Invalid status_callback');
    }
    const { appid, call_to, caller_id, custom_field } = given;
    const { id } = this.book.dial({
      tenant: tenant.id,
      from: own.number,
      to: `+91${to}`,
      websocketUrl,
      statusCallback: callback,
      fields: { appid, call_to, caller_id, custom_field },
    });
    return ok({ status: 'success', msg: 'Call initiated', callid: id });
  }

  private disconnectCall(request: VendorRequest): VendorReply {
    const tenant = this.bearerOf(request);
    if (!tenant) return failed('Invalid or expired Apitoken');
    const { callid } = fieldsOf(request.json);
    const call = typeof callid === 'string' ? this.book.find(callid) : undefined;
    const isOurs = call?.tenant === tenant.id && this.book.hangUp(call.id);
    return isOurs ? ok({ status: 'success', msg: 'Call disconnected' }) : failed('Call not found');
  }

  private bearerOf(request: VendorRequest): SanTenant | undefined {
    const id = this.tokens.tenantOf(request.header('apitoken') ?? '');
    return id === undefined ? undefined : this.byId(id);
  }

  private byId(id: string): SanTenant | undefined {
    return [...this.tenants.values()].find((tenant) => tenant.id === id);
  }

  private holderOf(number: string): SanTenant | undefined {
    return [...this.tenants.values()].find(({ numbers }) => numbers.has(number));
  }

  private numberOf(number: string): SanNumber | undefined {
    return this.holderOf(number)?.numbers.get(number);
  }

  /** `{number, websocket_url}`. */
  private support(input: unknown): VendorReply {
    const given = recordOf(input, 'support', ['number', 'websocket_url']);
    const url = given.websocket_url === null ? null : webSocketUrlOf(given.websocket_url, 'websocket_url');
    return ok(this.bind(e164Of(given.number, 'number'), url));
  }

  private readCall({ params }: VendorRequest): VendorReply {
    const call = this.book.find(params.id ?? '');
    return call ? ok(call) : { status: 404, body: { error: 'there is no such call' } };
  }

  private clearCalls(): VendorReply {
    this.book.clear();
    return { status: 204, body: undefined };
  }

  private endCall({ params }: VendorRequest): VendorReply {
    if (!this.book.hangUp(params.id ?? '')) throw new BadInput(`there is no call ${params.id} under way`);
    return { status: 204, body: undefined };
  }

  private setOutcome(input: unknown): VendorReply {
    const { to, status } = recordOf(input, 'outcome', ['to', 'status']);
    this.book.setOutcome(e164Of(to, 'to'), status === null ? null : choiceOf(status, SIM_CALL_ENDS, 'status'));
    return { status: 204, body: undefined };
  }
}

function numbersOf(tenant: SanTenantSeed): SanNumber[] {
  const generated = tenant.generate ? expandNumberRange(tenant.generate) : [];
  return [...(tenant.numbers ?? []), ...generated].map((number) =>
    typeof number === 'string' ? { number, websocket_url: null } : { ...number },
  );
}

function callerOf(tenant: SanTenant, callerId: unknown): SanNumber | undefined {
  if (typeof callerId !== 'string' || !/^\d+$/.test(callerId) || callerId.length < SHORTEST_CALLER_ID) return undefined;
  const digits = callerId.replace(/^0/, '');
  return [...tenant.numbers.values()].find(({ number }) => number.endsWith(digits));
}

function basicMatches(tenant: SanTenant, header: string | undefined): boolean {
  if (!tenant.basic) return true;
  const expected = Buffer.from(`${tenant.basic.username}:${tenant.basic.password}`).toString('base64');
  return header === `Basic ${expected}`;
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

function ok(body: unknown): VendorReply {
  return { status: 200, body };
}

/** A refusal, which comes with a 200. */
function failed(msg: string, status = 200): VendorReply {
  return { status, body: { status: 'failed', msg } };
}
