import { isId } from '../common/ids';

const MEMBER = 'call_id';

/** One of our URLs, told to a provider for one call only. */
export function withCallId(url: string, callId: string): string {
  return `${url}?${MEMBER}=${callId}`;
}

/** The call that a URL was told for; `null` for one that is for any call. */
export function callIdOfUrl(url: string): string | null {
  const query = url.indexOf('?');
  const callId = query < 0 ? null : new URLSearchParams(url.slice(query + 1)).get(MEMBER);
  return callId !== null && isId('call', callId) ? callId : null;
}
