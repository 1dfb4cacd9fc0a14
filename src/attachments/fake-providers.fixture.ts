import type { CallReport } from '../providers/contract/call';
import type { PlacedCall } from '../providers/contract/call';
import type { ProviderCapabilities } from '../providers/contract/capabilities';
import type { AnyProviderAdapter, ProviderClient } from '../providers/contract/provider-adapter';
import { ProviderError } from '../providers/contract/provider-error';
import type {
  CurrentRoute,
  NumberPage,
  NumberReference,
  OwnedNumber,
  RouteSnapshot,
  RouteTarget,
} from '../providers/contract/route';
import type { ProviderConnection } from '../providers/provider-connection';
import type { ProviderName } from '../common/provider-name';
import type { ProvidersService } from '../providers/providers.service';

export interface VendorCall {
  readonly method: 'find' | 'numbers' | 'readRoute' | 'route' | 'unroute';
  readonly e164: string;
  readonly signal: AbortSignal | undefined;
}

type Step = (call: VendorCall) => unknown;

/** A vendor account in memory. `before` runs ahead of each call's effect and `after` behind it; both may fail it. */
export class FakeVendor implements ProviderClient {
  /** Numbers held, with their route as the vendor shows it. */
  readonly held = new Map<string, RouteSnapshot>();
  /** `method e164` of every call, in order of their start. */
  readonly calls: string[] = [];
  pageSize = 10;
  before: Step = () => undefined;
  after: Step = () => undefined;

  hold(numbers: readonly string[], url: string | null = null): void {
    for (const e164 of numbers) this.held.set(e164, { url });
  }

  urlOf(e164: string): string | null | undefined {
    return this.held.get(e164)?.url;
  }

  verify(): Promise<{ verified: boolean }> {
    return Promise.resolve({ verified: true });
  }

  /** A call of `numbers` is named by the first number of its page. */
  async *numbers(_after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    const all = [...this.held.keys()];
    for (let start = 0; start < all.length; start += this.pageSize) {
      const page = all.slice(start, start + this.pageSize);
      const isLast = start + this.pageSize >= all.length;
      yield await this.call({ method: 'numbers', e164: page[0] ?? '', signal }, () => ({
        numbers: page.map(owned),
        next: isLast ? null : String(start + this.pageSize),
      }));
    }
  }

  placeCall(): Promise<PlacedCall> {
    return Promise.reject(new ProviderError('permanent', 'The fake vendor places no calls'));
  }

  hangup(): Promise<void> {
    return Promise.resolve();
  }

  readCall(): Promise<CallReport> {
    return Promise.resolve({ kind: 'untold' });
  }

  find(e164: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    return this.call({ method: 'find', e164, signal }, () => (this.held.has(e164) ? owned(e164) : null));
  }

  readRoute({ phoneNumber }: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    return this.call({ method: 'readRoute', e164: phoneNumber, signal }, () => {
      const snapshot = this.routeOf(phoneNumber);
      const matches = (target: RouteTarget) => snapshot.url === target.answerUrl;
      return { providerNumberId: sid(phoneNumber), snapshot, matches };
    });
  }

  route({ phoneNumber }: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void> {
    return this.call({ method: 'route', e164: phoneNumber, signal }, () => {
      this.routeOf(phoneNumber);
      this.held.set(phoneNumber, { url: target.answerUrl });
    });
  }

  unroute(
    { phoneNumber }: NumberReference,
    former: RouteSnapshot | null,
    ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    return this.call({ method: 'unroute', e164: phoneNumber, signal }, () => {
      const { url } = this.routeOf(phoneNumber);
      if (ours.some(({ answerUrl }) => answerUrl === url)) this.held.set(phoneNumber, former ?? { url: null });
    });
  }

  private async call<T>(call: VendorCall, effect: () => T): Promise<T> {
    this.calls.push(`${call.method} ${call.e164}`);
    await this.before(call);
    const result = effect();
    await this.after(call);
    return result;
  }

  private routeOf(e164: string): RouteSnapshot {
    const route = this.held.get(e164);
    if (!route) throw new ProviderError('not_owned', 'The account does not hold the number');
    return route;
  }
}

const ALL: ProviderCapabilities = { list: true, lookup: true, route: true, call: true, hangup: true, signed: true };
const NONE: ProviderCapabilities = {
  list: false,
  lookup: false,
  route: false,
  call: false,
  hangup: false,
  signed: false,
};

type ProvidersPort = Pick<ProvidersService, 'capabilities' | 'connection' | 'routeTarget' | 'numberInboundUrl'>;

/** San is bound by hand, all others have every capability; each has one vendor account, the same for every tenant. */
export class FakeProviders implements ProvidersPort {
  publicUrl = 'https://patchbay.example';
  readonly vendors = new Map<ProviderName, FakeVendor>();
  readonly unconfigured = new Set<ProviderName>();
  readonly changed = new Map<ProviderName, ProviderCapabilities>();
  /** Runs before a connection is given. */
  before: () => unknown = () => undefined;

  vendor(name: ProviderName): FakeVendor {
    const vendor = this.vendors.get(name) ?? new FakeVendor();
    this.vendors.set(name, vendor);
    return vendor;
  }

  capabilities(name: ProviderName): ProviderCapabilities {
    return this.changed.get(name) ?? (name === 'san' ? NONE : ALL);
  }

  async connection(accountId: string, provider: ProviderName): Promise<ProviderConnection | null> {
    await this.before();
    if (this.unconfigured.has(provider)) return null;
    return {
      providerAccountId: `pa_${accountId}_${provider}`,
      accountId,
      provider,
      inboundKey: `key-${provider}`,
      client: this.vendor(provider),
      adapter: {} as AnyProviderAdapter,
    };
  }

  routeTarget(name: ProviderName, inboundKey: string): RouteTarget {
    const answerUrl = `${this.publicUrl}/inbound/${name}/${inboundKey}`;
    return { answerUrl, statusUrl: `${answerUrl}/status` };
  }

  numberInboundUrl(name: ProviderName, inboundKey: string, e164: string): string {
    return `wss://patchbay.example/inbound/${name}/${inboundKey}/${e164}`;
  }

  get asService(): ProvidersService {
    return this as unknown as ProvidersService;
  }
}

function owned(phoneNumber: string): OwnedNumber {
  return { phoneNumber, providerNumberId: sid(phoneNumber) };
}

function sid(phoneNumber: string): string {
  return `PN${phoneNumber.slice(1)}`;
}
