import { createHmac, randomBytes } from 'node:crypto';
import { BadInput } from '../core/input';
import { expandNumberRange } from '../core/number-range';
import { Vendor, VendorContext, VendorOverview, VendorReply, VendorRequest, VendorRoute } from '../core/vendor';
import { parseSanCall, placeSanCall, SanCall, SanCallReport } from './san.call';
import { parseSanSeed, SanNumber, SanSeed, SanTenantSeed } from './san.seed';

const TOKEN_LIFE_S = 3600;

interface SanTenant extends Omit<SanTenantSeed, 'numbers' | 'generate'> {
  numbers: Map<string, SanNumber>;
}

/**
 * San Software's PBX. San publishes no documentation, so this follows what third-party clients send and tolerate: one
 * call for a token, and a WebSocket that the PBX opens by itself. There is no API for numbers and none for routes.
 */
export class SanVendor implements Vendor<SanSeed> {
  readonly prefixes = ['/pbxadmin/sanpbxapi'];
  readonly routes: readonly VendorRoute[] = [
    {
      method: 'post',
      path: '/pbxadmin/sanpbxapi/gentoken',
      effect: 'read',
      handle: (request) => this.generateToken(request),
    },
  ];
  readonly adminRoutes: readonly VendorRoute[] = [
    {
      method: 'post',
      path: '/call',
      effect: 'read',
      handle: async (request) => ({ status: 200, body: await this.call(parseSanCall(request.json)) }),
    },
  ];
  private readonly tenants = new Map<string, SanTenant>();
  private readonly signingKey = randomBytes(32);

  constructor(private readonly context: VendorContext) {}

  /** The tenant that an access token opens. */
  tenant(accessToken: string): SanTenant | undefined {
    return this.tenants.get(accessToken);
  }

  /** Makes the PBX put a call through to a WebSocket. Resolves also when nobody answers. */
  call(call: SanCall): Promise<SanCallReport> {
    return placeSanCall(call);
  }

  failure(status: number): VendorReply {
    return { status, body: { status: 'failed', msg: status === 404 ? 'Not found' : `Request failed (${status})` } };
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
      const tenant = this.tenants.get(access_token) ?? { access_token, access_key, app_id, basic, numbers: new Map() };
      this.tenants.set(access_token, tenant);
      for (const number of numbers) if (!tenant.numbers.has(number.number)) tenant.numbers.set(number.number, number);
    }
  }

  snapshot(): SanSeed {
    return {
      tenants: [...this.tenants.values()].map((tenant) => ({ ...tenant, numbers: [...tenant.numbers.values()] })),
    };
  }

  overview(): VendorOverview {
    return {
      accounts: [...this.tenants.values()].map((tenant, index) => ({
        account: `tenant-${index + 1}`,
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
   * is all this one promises, with a 200 as the less convenient choice. `expiry_time` in Unix seconds is a choice too.
   */
  private generateToken(request: VendorRequest): VendorReply {
    const tenant = this.tenants.get(request.header('accesstoken') ?? '');
    const key =
      typeof request.json === 'object' && request.json && 'access_key' in request.json && request.json.access_key;
    if (!tenant || key !== tenant.access_key || !basicMatches(tenant, request.header('authorization'))) {
      return { status: 200, body: { status: 'failed', msg: 'Invalid access token or access key' } };
    }
    const issuedAt = Math.floor(this.context.now() / 1000);
    const expiry = issuedAt + TOKEN_LIFE_S;
    return { status: 200, body: { Apitoken: this.jwt({ iat: issuedAt, exp: expiry }), expiry_time: expiry } };
  }

  private jwt(claims: Record<string, unknown>): string {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${createHmac('sha256', this.signingKey).update(signed).digest('base64url')}`;
  }
}

function numbersOf(tenant: SanTenantSeed): SanNumber[] {
  const generated = tenant.generate ? expandNumberRange(tenant.generate) : [];
  return [...(tenant.numbers ?? []), ...generated].map((number) =>
    typeof number === 'string' ? { number, websocket_url: null } : { ...number },
  );
}

function basicMatches(tenant: SanTenant, header: string | undefined): boolean {
  if (!tenant.basic) return true;
  const expected = Buffer.from(`${tenant.basic.username}:${tenant.basic.password}`).toString('base64');
  return header === `Basic ${expected}`;
}
