import type { OutboundCall, PlacedCall } from '../../contract/call';
import { ProviderError } from '../../contract/provider-error';
import { isRecord } from '../../support/json';
import { digitsOf } from '../../support/phone-format';
import { type PlivoApi, requestRefused } from './plivo.api';
import { PlivoCallsUnderWay } from './plivo.calls-under-way';

/** Plivo's default, and the longest that its documentation speaks of. */
const LONGEST_RING_S = 120;

/** Source: https://www.plivo.com/docs/voice/api/call */
export class PlivoCalls {
  private readonly underWay: PlivoCallsUnderWay;

  constructor(private readonly api: PlivoApi) {
    this.underWay = new PlivoCallsUnderWay(api);
  }

  /** The answer names the request, and only callbacks name the call itself. */
  async place(call: OutboundCall, signal: AbortSignal | undefined): Promise<PlacedCall> {
    const json = {
      from: digitsOf(call.from),
      to: digitsOf(call.to),
      answer_url: call.answerUrl,
      answer_method: 'POST',
      ring_url: call.statusUrl,
      ring_method: 'POST',
      hangup_url: call.statusUrl,
      hangup_method: 'POST',
      ring_timeout: Math.min(Math.max(Math.round(call.ringTimeoutS), 1), LONGEST_RING_S),
    };
    const response = await this.api.ask('Call/', { method: 'POST', json, retry: 'never', signal });
    if (response.status >= 400) throw requestRefused(response.status);
    const requestId = isRecord(response.json) ? requestUuid(response.json.request_uuid) : null;
    if (requestId === null) {
      throw new ProviderError('transient', 'Plivo took the call but did not name it', { isOutcomeUnknown: true });
    }
    return { providerCallId: requestId };
  }

  /**
   * By whichever name it is known: its own; that of the request that placed it, while it is not connected; and afterwards by
   * that of the request too, for which the live calls are looked through.
   */
  async hangup(id: string, signal: AbortSignal | undefined): Promise<void> {
    if (await this.ended('Call', id, signal)) return;
    if (await this.ended('Request', id, signal)) return;
    const connected = await this.connectedBy(id, signal);
    if (connected !== null) await this.ended('Call', connected, signal);
  }

  private async ended(kind: 'Call' | 'Request', id: string, signal: AbortSignal | undefined): Promise<boolean> {
    const { status } = await this.api.ask(`${kind}/${encodeURIComponent(id)}/`, { method: 'DELETE', signal });
    if (status === 400) throw requestRefused(400);
    return status !== 404;
  }

  private async connectedBy(requestId: string, signal: AbortSignal | undefined): Promise<string | null> {
    for await (const call of this.underWay.list('live', signal)) if (call.names.includes(requestId)) return call.id;
    return null;
  }
}

/** Calls to several numbers at once are answered with a list. */
function requestUuid(value: unknown): string | null {
  const given: unknown = Array.isArray(value) ? value[0] : value;
  return typeof given === 'string' && given !== '' ? given : null;
}
