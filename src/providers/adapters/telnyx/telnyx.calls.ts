import type { LiveCall, OutboundCall, PlacedCall } from '../../contract/call';
import { ProviderError } from '../../contract/provider-error';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import { callsPath, type TelnyxAccountNames } from './telnyx.account-names';
import { isOver, type TelnyxApi, type TelnyxRequest } from './telnyx.api';

/** Seconds that a call may ring: `resources/texml/accounts/calls/calls.d.ts` of the `telnyx` SDK */
const RING_S = { least: 5, most: 120 };

/** The TeXML calls of one account. */
export class TelnyxCalls {
  constructor(
    private readonly api: TelnyxApi,
    private readonly accounts: TelnyxAccountNames,
  ) {}

  /**
   * By the application, which needs no account identifier and tells the identifier of the call. Callback and timeout are
   * those that this route had before its documentation was shortened; the application has the same callback.
   * Source: https://developers.telnyx.com/api-reference/texml-rest-commands/create-a-connection-scoped-texml-call
   */
  async place(call: OutboundCall, applicationId: string, signal: AbortSignal | undefined): Promise<PlacedCall> {
    const json = {
      From: call.from,
      To: call.to,
      Url: call.answerUrl,
      Method: 'POST',
      StatusCallback: call.statusUrl,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: 'initiated ringing answered completed',
      Timeout: Math.min(Math.max(Math.round(call.ringTimeoutS), RING_S.least), RING_S.most),
    };
    const path = `/texml/calls/${encodeURIComponent(applicationId)}`;
    const response = await this.api.send(path, { method: 'POST', json, retry: 'never', signal });
    if (!response) throw new ProviderError('transient', 'The TeXML application was deleted at Telnyx meanwhile');
    const providerCallId = callSid(response.json);
    if (providerCallId === null) {
      const message = 'Telnyx took the call but does not tell its identifier';
      throw new ProviderError('transient', message, { isOutcomeUnknown: true });
    }
    return { providerCallId };
  }

  /**
   * As a TeXML call of the account, under each of the names that the account may go by; where it is known under none, as a
   * Call Control call, since that is what the identifier is of. That the call is unknown there as well is no error.
   * Sources: https://developers.telnyx.com/api-reference/texml-rest-commands/update-call and
   * https://developers.telnyx.com/api-reference/call-commands/hangup-call
   */
  async hangup({ providerCallId }: LiveCall, signal: AbortSignal | undefined): Promise<void> {
    const id = encodeURIComponent(providerCallId);
    for (const account of await this.accounts.read(signal)) {
      const path = `${callsPath(account)}/${id}`;
      const outcome = await this.end(path, { method: 'POST', form: { Status: 'completed' }, signal });
      if (outcome === 'ended') return;
    }
    const outcome = await this.end(`/calls/${id}/actions/hangup`, { method: 'POST', json: {}, signal });
    if (outcome instanceof ProviderError) throw outcome;
  }

  private async end(path: string, request: TelnyxRequest): Promise<'ended' | 'unknown' | ProviderError> {
    try {
      return (await this.api.send(path, request)) ? 'ended' : 'unknown';
    } catch (error) {
      if (!(error instanceof ProviderError) || error.isRetryable) throw error;
      return isOver(error) ? 'ended' : error;
    }
  }
}

/** Documented as `call_sid`; the older route answered like Twilio's. */
function callSid(body: unknown): string | null {
  const call: JsonRecord | null = isRecord(body) ? (isRecord(body.data) ? body.data : body) : null;
  return call && (textOrNull(call, 'call_sid') ?? textOrNull(call, 'sid'));
}
