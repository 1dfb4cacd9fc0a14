import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError } from '../common/errors/app-error';
import type { Principal, PrincipalRequest } from '../http/principal';
import { Authenticated, Public } from './authenticated.decorator';
import { TokenAuthGuard } from './token-auth.guard';
import { TokenService } from './token.service';

const TOKEN = `pb_${'a'.repeat(43)}`;
const OTHER_TOKEN = `pb_${'b'.repeat(43)}`;

class Routes {
  @Authenticated('numbers:write')
  guarded(): void {}

  @Public()
  open(): void {}

  silent(): void {}
}

@Authenticated('events:read')
class GuardedRoutes {
  inherits(): void {}

  @Public()
  opened(): void {}

  @Authenticated('calls:read')
  overrides(): void {}
}

const authenticate = jest.fn<Promise<Principal | null>, [string]>();
const guard = new TokenAuthGuard(new Reflector(), { authenticate } as unknown as TokenService);

async function enter(headers: IncomingHttpHeaders, route: () => void = Routes.prototype.guarded, type = Routes) {
  const request = { headers } as PrincipalRequest;
  const context = {
    getHandler: () => route,
    getClass: () => type,
    switchToHttp: () => ({ getRequest: () => request }),
  } as unknown as ExecutionContext;
  return { entered: await guard.canActivate(context), principal: request.principal };
}

function principal(...scopes: string[]): Principal {
  return { accountId: 'acct_1', tokenId: 'tok_1', scopes };
}

async function refusalOf(entering: Promise<unknown>): Promise<AppError> {
  const error: unknown = await entering.then(
    () => new Error('was let in'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

beforeEach(() => {
  authenticate.mockReset();
  authenticate.mockImplementation((token) => Promise.resolve(token === TOKEN ? principal('numbers:write') : null));
});

describe('a guarded route', () => {
  it.each([
    ['token', { token: TOKEN }],
    ['api_access_token', { api_access_token: TOKEN }],
    ['both alike', { token: TOKEN, api_access_token: TOKEN }],
  ])('lets in whoever sends the token in %s', async (_where, headers) => {
    expect(await enter(headers)).toEqual({ entered: true, principal: principal('numbers:write') });
  });

  it.each<[string, IncomingHttpHeaders]>([
    ['no token', {}],
    ['a blank token', { token: '' }],
    ['a token of blanks', { api_access_token: '   ' }],
    ['an unknown token', { token: OTHER_TOKEN }],
    ['two different tokens', { token: TOKEN, api_access_token: OTHER_TOKEN }],
    ['two different tokens the other way round', { token: OTHER_TOKEN, api_access_token: TOKEN }],
    ['a token and a blank', { token: TOKEN, api_access_token: '' }],
    ['one header sent twice, as node joins it', { token: `${TOKEN}, ${TOKEN}` }],
    ['a list of tokens', { token: [TOKEN] }],
    ['the token as a bearer token', { authorization: `Bearer ${TOKEN}` }],
  ])('answers the same 401 to %s', async (_what, headers) => {
    const error = await refusalOf(enter(headers));

    expect({ ...error, message: error.message }).toMatchObject({
      reason: 'UNAUTHENTICATED',
      status: 401,
      message: 'Invalid Auth Key or Session Expired',
      details: [],
    });
  });

  it('answers 403 and names the scope to a token that lacks it', async () => {
    authenticate.mockResolvedValue(principal('numbers:read', 'agents:write'));

    const error = await refusalOf(enter({ token: TOKEN }));

    expect({ ...error, message: error.message }).toMatchObject({
      reason: 'FORBIDDEN',
      status: 403,
      message: 'Token lacks the scope numbers:write',
      details: [{ field: 'token', message: 'must carry the scope numbers:write' }],
    });
  });

  it('lets * in everywhere', async () => {
    authenticate.mockResolvedValue(principal('*'));

    expect(await enter({ token: TOKEN })).toMatchObject({ entered: true });
  });

  it('passes on that the database is down', async () => {
    authenticate.mockRejectedValue(new Error('down'));

    await expect(enter({ token: TOKEN })).rejects.toThrow('down');
  });
});

describe('other routes', () => {
  it('lets everybody in where it is public, and asks nobody who they are', async () => {
    expect(await enter({ token: OTHER_TOKEN }, Routes.prototype.open)).toEqual({ entered: true });
    expect(authenticate).not.toHaveBeenCalled();
  });

  it('is closed where nothing is said, to a good token too', async () => {
    authenticate.mockResolvedValue(principal('*'));

    expect(await refusalOf(enter({ token: TOKEN }, Routes.prototype.silent))).toMatchObject({ status: 401 });
  });

  it('takes the word of the controller where the method says nothing, else that of the method', async () => {
    const { inherits, opened, overrides } = GuardedRoutes.prototype;
    const guarded = GuardedRoutes as unknown as typeof Routes;

    expect(await refusalOf(enter({ token: TOKEN }, inherits, guarded))).toMatchObject({
      message: 'Token lacks the scope events:read',
    });
    expect(await enter({}, opened, guarded)).toMatchObject({ entered: true });
    expect(await refusalOf(enter({ token: TOKEN }, overrides, guarded))).toMatchObject({
      message: 'Token lacks the scope calls:read',
    });
  });
});
