import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const LIFE_S = 3600;
const INDIA_S = 5.5 * 3600;

export interface IssuedToken {
  readonly text: string;
  /** `2026-02-14 15:36:08`: what clients have shown of it, in Indian Standard Time as far as one can tell. */
  readonly expiryTime: string;
}

/** The tokens of `gentoken`, which open the other two routes for an hour. */
export class SanTokens {
  private readonly key = randomBytes(32);

  constructor(private readonly now: () => number) {}

  issue(tenant: string): IssuedToken {
    const iat = Math.floor(this.now() / 1000);
    const exp = iat + LIFE_S;
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({ sub: tenant, iat, exp })}`;
    const expiryTime = new Date((exp + INDIA_S) * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return { text: `${signed}.${this.signature(signed)}`, expiryTime };
  }

  /** The tenant that the token was issued to; `undefined` when it is none, or has expired. */
  tenantOf(token: string): string | undefined {
    const [header, payload, signature] = token.split('.');
    const expected = Buffer.from(this.signature(`${header}.${payload}`));
    const given = Buffer.from(signature ?? '');
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    const { sub, exp } = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8')) as {
      sub: string;
      exp: number;
    };
    return exp * 1000 > this.now() ? sub : undefined;
  }

  private signature(signed: string): string {
    return createHmac('sha256', this.key).update(signed).digest('base64url');
  }
}
