import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './scopes';

/** The headers that may carry the token, and the names of their security schemes in the OpenAPI document. */
export const TOKEN_HEADERS = ['token', 'api_access_token'] as const;

/** Metadata key under which a route says who may call it; a route that says nothing is closed. */
export const ACCESS = 'patchbay:access';

export type Access = { readonly kind: 'public' } | { readonly kind: 'scope'; readonly scope: Scope };

/**
 * Opens a route (or every route of a controller) to tokens that carry the scope. In the OpenAPI document the route
 * lists both header schemes as alternatives, either of which suffices, and names the scope as `x-required-scope`.
 */
export function Authenticated(scope: Scope): MethodDecorator & ClassDecorator {
  const access: Access = { kind: 'scope', scope };
  return applyDecorators(
    SetMetadata(ACCESS, access),
    // One requirement each: requirements in a list are alternatives, schemes in one requirement go together.
    // https://spec.openapis.org/oas/v3.1.0#security-requirement-object
    ...TOKEN_HEADERS.map((name) => ApiSecurity(name)),
    ApiExtension('x-required-scope', scope),
  );
}

/** Opens a route to everybody, without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  const access: Access = { kind: 'public' };
  return SetMetadata(ACCESS, access);
}
