import type { LiveCall, OutboundCall, PlacedCall } from '../../contract/call';
import { ProviderError } from '../../contract/provider-error';
import { isRecord, textOrNull } from '../../support/json';
import type { BandwidthApi } from './bandwidth.api';
import type { MadeApplication } from './bandwidth.application';
import { refused } from './bandwidth.error';

/** Of `callTimeout`, in seconds; a call that does not ring within 30 s is cancelled all the same. */
const SHORTEST_RING_S = 1;
const LONGEST_RING_S = 300;

/**
 * Calls of the voice API.
 * Source: `createCall` and `updateCall` in node_modules/bandwidth-sdk/bandwidth.yml
 */
export class BandwidthCalls {
  constructor(private readonly api: BandwidthApi) {}

  /** Proves the account and the right to place calls without placing one. */
  async verify(signal: AbortSignal | undefined): Promise<void> {
    const response = await this.api.send({ method: 'GET', url: this.api.voiceUrl('/statistics'), signal });
    if (response.status === 404) {
      throw new ProviderError('credentials_rejected', 'Bandwidth knows no such account for these credentials', {
        httpStatus: 404,
      });
    }
    if (response.status >= 300) throw refused("to read the account's call statistics", response);
  }

  /** The user and password go with the requests to both URLs. */
  async place(call: OutboundCall, application: MadeApplication, signal: AbortSignal | undefined): Promise<PlacedCall> {
    const json = {
      from: call.from,
      to: call.to,
      applicationId: application.applicationId,
      answerUrl: call.answerUrl,
      answerMethod: 'POST',
      disconnectUrl: call.statusUrl,
      disconnectMethod: 'POST',
      username: application.callback.user,
      password: application.callback.password,
      callTimeout: Math.min(Math.max(call.ringTimeoutS, SHORTEST_RING_S), LONGEST_RING_S),
    };
    const url = this.api.voiceUrl('/calls');
    const response = await this.api.send({ method: 'POST', url, json, signal, retry: 'never' });
    if (response.status >= 300) throw refused('to place the call', response);
    const providerCallId = isRecord(response.json) ? textOrNull(response.json, 'callId') : null;
    if (providerCallId === null) {
      throw new ProviderError('transient', 'Bandwidth took the call but did not name it', { isOutcomeUnknown: true });
    }
    return { providerCallId };
  }

  /** 404 is a call that is over or unknown, 409 one that is ending; a call in the queue is taken out of it. */
  async hangUp({ providerCallId }: LiveCall, signal: AbortSignal | undefined): Promise<void> {
    const url = this.api.voiceUrl(`/calls/${encodeURIComponent(providerCallId)}`);
    const response = await this.api.send({ method: 'POST', url, json: { state: 'completed' }, signal });
    if (response.status >= 300 && response.status !== 404 && response.status !== 409) {
      throw refused('to end the call', response);
    }
  }
}
