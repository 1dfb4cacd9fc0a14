import { monotonicFactory } from 'ulid';

export const ID_PREFIXES = {
  account: 'acct',
  token: 'tok',
  agent: 'agent',
  providerAccount: 'pa',
  inboundRequest: 'inb',
  call: 'call',
  claim: 'clm',
  event: 'evt',
  message: 'msg',
  attempt: 'att',
  sync: 'sync',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** The longest prefix (`agent_`) and 26 characters of ULID. */
export const ID_LENGTH = 32;

const nextUlid = monotonicFactory();

/**
 * A new identifier such as `agent_01k…`: a prefix and a lower-case ULID (https://github.com/ulid/spec), so that
 * identifiers made by one process sort in the order of their making.
 */
export function newId(kind: IdKind): string {
  return `${ID_PREFIXES[kind]}_${nextUlid().toLowerCase()}`;
}

const patterns = Object.fromEntries(
  Object.entries(ID_PREFIXES).map(([kind, prefix]) => [kind, new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)]),
) as Record<IdKind, RegExp>;

/** Whether `value` has the form of such an identifier; what has not cannot exist and needs no look-up. */
export function isId(kind: IdKind, value: string): boolean {
  return patterns[kind].test(value);
}
