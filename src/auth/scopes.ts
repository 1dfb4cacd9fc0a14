/** What a token may be allowed to do, as it stands in the API's documentation. */
export const SCOPES = [
  'agents:read',
  'agents:write',
  'numbers:read',
  'numbers:write',
  'providers:read',
  'providers:write',
  'calls:read',
  'calls:write',
  'events:read',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Stands for every scope, those of later versions included. */
export const ALL_SCOPES = '*';

/** A scope as it is granted: one of the list, or all of them. */
export type GrantedScope = Scope | typeof ALL_SCOPES;

export function isGrantedScope(value: string): value is GrantedScope {
  return value === ALL_SCOPES || SCOPES.some((scope) => scope === value);
}

/** Whether the granted scopes of a token cover the one that a route requires. */
export function grants(granted: readonly string[], required: Scope): boolean {
  return granted.includes(ALL_SCOPES) || granted.includes(required);
}
