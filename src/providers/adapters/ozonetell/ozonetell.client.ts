import type { LiveCall, OutboundCall, PlacedCall } from '../../contract/call';
import type { VendorHttp } from '../../contract/http';
import type { VerificationResult } from '../../contract/provider-adapter';
import { ProviderError } from '../../contract/provider-error';
import { indianTrunkForm } from '../../support/indian-number';
import { isRecord, textOrNull } from '../../support/json';
import { ManualClient } from '../../support/manual-client';
import { digitsOf } from '../../support/phone-format';
import type { OzonetellCredentials } from './ozonetell.credentials';
import { readReply, refused } from './ozonetell.reply';

const KOOKOO = 'https://in1-cpaas.ozonetel.com';
const CLOUD_AGENT = 'https://in1-ccaas-api.ozonetel.com';

const PLACED = new Set(['queued', 'success']);
/** Words for a call that is over; the documents name none. */
const IS_OVER = /not\s*found|no\s+(such|active|data|record)|invalid\s*ucid|not\s*(active|live|exist)|already|ended/i;

/**
 * KooKoo's outbound calls and the control of calls. Numbers and their application URLs are the portal's alone.
 * Sources: http://www.kookoo.in/index.php/kookoo-docs/outbound and https://docs.ozonetel.com/reference
 */
export class OzonetellClient extends ManualClient {
  constructor(
    private readonly credentials: OzonetellCredentials,
    private readonly http: VendorHttp,
  ) {
    super('Ozonetel');
  }

  /**
   * A key alone has no harmless call that would prove it. With a user name a token is generated; whatever is not a token is
   * no rejection, since the key may be one of KooKoo, which knows no users.
   * Source: https://docs.ozonetel.com/reference/post_ca-apis-catoken-generatetoken
   */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    const { api_key: apiKey, user_name: userName } = this.credentials;
    if (!userName) return { verified: false };
    const { status, json } = await this.http.send({
      method: 'POST',
      url: `${CLOUD_AGENT}/ca_apis/CAToken/generateToken`,
      headers: { apiKey },
      json: { userName },
      signal,
    });
    return { verified: status < 300 && isRecord(json) && textOrNull(json, 'token') !== null };
  }

  /** A GET that calls somebody. How long it rings cannot be said. */
  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const query = new URLSearchParams({
      api_key: this.credentials.api_key,
      phone_no: indianTrunkForm(call.to) ?? digitsOf(call.to),
      caller_id: digitsOf(call.from),
      outbound_version: '2',
      url: call.answerUrl,
      callback_url: call.statusUrl,
    });
    const response = await this.http.send({
      method: 'GET',
      url: `${KOOKOO}/outbound/outbound.php?${query.toString()}`,
      retry: 'never',
      signal,
    });
    const reply = readReply(response);
    if (response.status < 300 && reply.message && PLACED.has(reply.status ?? '')) {
      return { providerCallId: reply.message };
    }
    if (response.status < 300 && (reply.status === null || PLACED.has(reply.status))) {
      throw new ProviderError('transient', 'Ozonetel gave an answer to a call that is not understood', {
        isOutcomeUnknown: true,
      });
    }
    throw refused(response.status, reply);
  }

  async hangup(call: LiveCall, signal?: AbortSignal): Promise<void> {
    const query = new URLSearchParams({
      ucid: call.providerCallId,
      api_key: this.credentials.api_key,
      did: digitsOf(call.ownNumber),
    });
    const farEnd = call.farEnd === null ? null : farEndDigits(call.farEnd);
    if (farEnd) query.set('phoneno', farEnd);
    const response = await this.http.send({
      method: 'GET',
      url: `${CLOUD_AGENT}/api/v1/CallControl/Disconnect?${query.toString()}`,
      signal,
    });
    const reply = readReply(response);
    const isDone = reply.status === null ? /success/i.test(response.text) : reply.status === 'success';
    if (response.status < 300 && isDone) return;
    const error = refused(response.status, reply);
    const isOver = response.status === 404 || IS_OVER.test(reply.message ?? response.text);
    if (error.kind === 'credentials_rejected' || !isOver) throw error;
  }
}

/** Indian numbers without calling code and trunk prefix, as this call wants them; nothing for what is no number. */
function farEndDigits(farEnd: string): string | null {
  if (!/^\+\d+$/.test(farEnd)) return null;
  return indianTrunkForm(farEnd)?.slice(1) ?? digitsOf(farEnd);
}
