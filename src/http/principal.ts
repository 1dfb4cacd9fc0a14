import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { AppError } from '../common/errors/app-error';

/** Who is calling, as the authentication guard found it. */
export interface Principal {
  readonly accountId: string;
  readonly tokenId: string;
  readonly scopes: readonly string[];
}

export interface PrincipalRequest extends Request {
  principal?: Principal;
}

/** The principal of the request; a route that asks for one without having been guarded answers 401. */
export function principalOf(context: ExecutionContext): Principal {
  const { principal } = context.switchToHttp().getRequest<PrincipalRequest>();
  if (!principal) throw new AppError('UNAUTHENTICATED');
  return principal;
}

/** Hands the caller's `Principal` to a controller method. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext) => principalOf(context));
