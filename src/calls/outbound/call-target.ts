import type { OutboundCall } from '../../providers/contract/call';
import type { ProviderConnection } from '../../providers/provider-connection';
import type { ProvidersService } from '../../providers/providers.service';
import { withCallId } from '../call-url';

type Targets = Pick<ProvidersService, 'routeTarget' | 'numberInboundUrl'>;

/**
 * Where a provider asks what to say in one call, and tells how it goes. Vendors whose numbers are bound by hand ask at the
 * number's own address, others at the account's.
 */
export function callTarget(
  providers: Targets,
  { adapter, inboundKey }: Pick<ProviderConnection, 'adapter' | 'inboundKey'>,
  from: string,
  callId: string,
): Pick<OutboundCall, 'answerUrl' | 'statusUrl' | 'target'> {
  const target = providers.routeTarget(adapter.name, inboundKey);
  const answerUrl = adapter.capabilities.route
    ? target.answerUrl
    : providers.numberInboundUrl(adapter.name, inboundKey, from);
  return {
    answerUrl: withCallId(answerUrl, callId),
    // Told over HTTP also by vendors that open WebSockets for calls.
    statusUrl: withCallId(target.statusUrl.replace(/^ws/, 'http'), callId),
    target,
  };
}
