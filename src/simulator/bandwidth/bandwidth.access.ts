import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { basicCredentials } from '../core/basic-credentials';
import { VendorReply, VendorRequest } from '../core/vendor';
import { BandwidthAccount } from './bandwidth.account';

const TOKEN_LIFE_S = 3600;

/** Who asks: HTTP Basic with the API user, or a bearer token that client credentials were exchanged for. */
export class BandwidthAccess {
  private readonly signingKey = randomBytes(32);

  constructor(
    private readonly accounts: ReadonlyMap<string, BandwidthAccount>,
    private readonly now: () => number,
  ) {}

  /** `POST https://api.bandwidth.com/api/v1/oauth2/token`, as https://github.com/Bandwidth/cli, internal/auth/oauth.go asks. */
  issueToken(request: VendorRequest): VendorReply {
    const given = basicCredentials(request.header('authorization'));
    const account = [...this.accounts.values()].find(
      ({ clientId, clientSecret }) => clientId === given?.user && clientSecret === given.password,
    );
    if (!account) {
      const body = { error: 'invalid_client', error_description: 'Client authentication failed' };
      return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Bandwidth"' }, body };
    }
    if (request.form.get('grant_type') !== 'client_credentials') {
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    }
    const exp = Math.floor(this.now() / 1000) + TOKEN_LIFE_S;
    const access_token = this.sign({ sub: account.clientId, accounts: [account.id], roles: [...account.roles], exp });
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: TOKEN_LIFE_S } };
  }

  /** The account whose credentials the request carries; `undefined` where they are none. */
  caller(request: VendorRequest): BandwidthAccount | undefined {
    const header = request.header('authorization');
    const bearer = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (bearer !== undefined) return this.holder(bearer);
    const given = basicCredentials(header);
    return [...this.accounts.values()].find(
      ({ username, password }) => username !== undefined && username === given?.user && password === given.password,
    );
  }

  private holder(token: string): BandwidthAccount | undefined {
    const [header, payload, signature] = token.split('.');
    const expected = Buffer.from(this.signature(`${header}.${payload}`));
    const given = Buffer.from(signature ?? '');
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8')) as Claims;
    return claims.exp * 1000 > this.now() ? this.accounts.get(claims.accounts[0] ?? '') : undefined;
  }

  private sign(claims: Claims): string {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${this.signature(signed)}`;
  }

  private signature(signed: string): string {
    return createHmac('sha256', this.signingKey).update(signed).digest('base64url');
  }
}

interface Claims {
  sub: string;
  accounts: string[];
  roles: string[];
  /** Unix seconds. */
  exp: number;
}
