import type { IncomingHttpHeaders } from 'node:http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError } from '../common/errors/app-error';
import type { PrincipalRequest } from '../http/principal';
import { ACCESS, type Access, TOKEN_HEADERS } from './authenticated.decorator';
import { grants } from './scopes';
import { TokenService } from './token.service';

/**
 * Lets a request in when its route is public, or when its token carries the scope that the route asks for. A route that
 * says neither is closed. Whatever is wrong with the token, a stranger is told the same.
 */
@Injectable()
export class TokenAuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenService,
  ) {}

  /** @throws AppError `UNAUTHENTICATED`, or `FORBIDDEN` naming the scope that is missing */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access?.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<PrincipalRequest>();
    const token = sentToken(request.headers);
    const principal = token !== null && access ? await this.tokens.authenticate(token) : null;
    if (!principal || !access) throw new AppError('UNAUTHENTICATED');

    request.principal = principal;
    if (!grants(principal.scopes, access.scope)) throw missingScope(access.scope);
    return true;
  }
}

/** The token that was sent in one of its headers, or in both alike. */
function sentToken(headers: IncomingHttpHeaders): string | null {
  const sent = new Set(TOKEN_HEADERS.map((name) => headers[name]).filter((value) => value !== undefined));
  const [token] = sent;
  return sent.size === 1 && typeof token === 'string' ? token : null;
}

function missingScope(scope: string): AppError {
  return new AppError('FORBIDDEN', {
    message: `Token lacks the scope ${scope}`,
    details: [{ field: 'token', message: `must carry the scope ${scope}` }],
  });
}
