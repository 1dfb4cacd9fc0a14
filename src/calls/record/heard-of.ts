import type { Call } from '../call';
import type { CallNews } from '../call-state';
import type { CallHeardOf } from './call-change';

/** What tells which call it is. */
export type KnownCall = Pick<
  Call,
  'callId' | 'accountId' | 'direction' | 'e164' | 'farEnd' | 'provider' | 'providerAccountId' | 'providerCallId'
>;

const UNTOLD: Omit<CallNews, 'status'> = {
  occurredAt: null,
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
};

/**
 * News of a call that we know, from somewhere else than its vendor's status callbacks.
 * @param name what the vendor calls it, where that has just been learnt
 */
export function heardOf(
  call: KnownCall,
  news: Partial<CallNews> & Pick<CallNews, 'status'>,
  name: string | null = null,
): CallHeardOf {
  const { callId, accountId, direction, provider, providerAccountId, e164, farEnd } = call;
  const [from, to] = direction === 'inbound' ? [farEnd, e164] : [e164, farEnd];
  return {
    kind: 'heard_of',
    callId,
    accountId,
    provider,
    providerAccountId,
    about: { providerCallIds: [name ?? call.providerCallId ?? callId], direction, from, to },
    news: { ...UNTOLD, ...news },
  };
}
