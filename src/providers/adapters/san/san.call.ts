import type { StreamAnswer } from '../../contract/answer';
import type { OutboundCall } from '../../contract/call';
import { ProviderError } from '../../contract/provider-error';
import { indianTrunkForm } from '../../support/indian-number';
import { digitsOf } from '../../support/phone-format';
import type { SanCredentials } from './san.credentials';

/** The length of a number without its area code in the only account whose form is known. */
const CALLER_ID_DIGITS = 7;

/**
 * What to post to `dialcall`. The parameters of the stream are both in its URL and in `custom_field`, of which San is not
 * known to hand on either. How long it rings cannot be said.
 * @throws ProviderError `permanent` where the agent has no stream, which is all that San can connect a call to
 */
export function dialRequest(call: OutboundCall, credentials: SanCredentials): object {
  if (!call.stream) {
    throw new ProviderError('permanent', 'San connects calls to streams only, and the agent has none');
  }
  return {
    appid: Number(credentials.app_id),
    call_to: indianTrunkForm(call.to) ?? digitsOf(call.to),
    caller_id: digitsOf(call.from).slice(-CALLER_ID_DIGITS),
    status_callback: call.statusUrl,
    websocket_url: withParameters(call.stream),
    custom_field: call.stream.parameters,
  };
}

function withParameters({ url, parameters }: StreamAnswer): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  if (pairs.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
