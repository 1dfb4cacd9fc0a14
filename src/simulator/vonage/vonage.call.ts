import { randomUUID } from 'node:crypto';
import { CallProtocol, OutgoingRequest, ReceivedAnswer, SimCall, SimCallStatus, Understood } from '../core/call';
import { BadInput } from '../core/input';
import { VonageAccount } from './vonage.account';
import { hasSignedCallbacks, VonageApplication, voiceWebhook, Webhook } from './vonage.application';
import { webhookToken } from './vonage.jwt';
import { understandNcco } from './vonage.ncco';

type Payload = Readonly<Record<string, unknown>>;

export interface FoundApplication {
  readonly account: VonageAccount;
  readonly application: VonageApplication;
}

export interface VonageDirectory {
  ownerOf(e164: string): VonageAccount | undefined;
  findApplication(id: string): FoundApplication | undefined;
}

const WORDS: Readonly<Record<SimCallStatus, string>> = {
  queued: 'started',
  ringing: 'ringing',
  in_progress: 'answered',
  completed: 'completed',
  busy: 'busy',
  no_answer: 'unanswered',
  failed: 'failed',
  canceled: 'cancelled',
};
/** Why a call came to nothing, where Vonage says so. */
const DETAILS: Partial<Readonly<Record<SimCallStatus, string>>> = {
  no_answer: 'unavailable',
  failed: 'cannot_route',
};
const RATE = '0.00450000';

/** How Vonage calls a status. */
export function statusWord(status: SimCallStatus): string {
  return WORDS[status];
}

/** Vonage's requests during a call: https://developer.vonage.com/en/voice/voice-api/webhook-reference */
export class VonageCalls implements CallProtocol {
  constructor(
    private readonly directory: VonageDirectory,
    private readonly now: () => number,
  ) {}

  open(_from: string, to: string): Pick<SimCall, 'id' | 'account' | 'details'> {
    const account = this.directory.ownerOf(to);
    const target = account?.voiceTarget(to);
    if (!account || !target) throw new BadInput(`no Vonage account holds ${to}`);
    const details: Record<string, string> = { conversation_uuid: `CON-${randomUUID()}` };
    if (target.kind === 'application') details.application_id = target.application_id;
    return { id: randomUUID(), account: account.apiKey, details };
  }

  /** An NCCO that came along with the call. */
  toldBefore({ details }: SimCall): Understood | null {
    const { ncco } = details;
    return ncco === undefined ? null : understandNcco({ status: 200, contentType: 'application/json', text: ncco });
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const found = this.applicationOf(call);
    if (!found) return null;
    const { answer_url: url, answer_method: method } = call.details;
    const webhook = url === undefined ? voiceWebhook(found.application, 'answer_url') : webhookOf(url, method);
    return webhook ? this.request(webhook, this.about(call), found) : null;
  }

  /** The application's, which for a placed call is not asked unless the call's own answer URL has failed too. */
  fallbackRequest(call: SimCall): OutgoingRequest | null {
    const found = this.applicationOf(call);
    const webhook = found && voiceWebhook(found.application, 'fallback_answer_url');
    if (!webhook) return null;
    const failed = call.exchanges.findLast(({ purpose }) => purpose === 'document');
    const original = { url: failed?.url, type: 'answer' };
    const reason = failed?.http_status === 200 ? 'Invalid response' : 'Connection closed.';
    return this.request(webhook, { ...this.about(call), reason, original_request: original }, found);
  }

  understand(answer: ReceivedAnswer): Understood {
    return understandNcco(answer);
  }

  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    const found = this.applicationOf(call);
    if (!found) return null;
    const { event_url: url, event_method: method } = call.details;
    const webhook = url === undefined ? voiceWebhook(found.application, 'event_url') : webhookOf(url, method);
    return webhook ? this.request(webhook, this.event(call, status), found) : null;
  }

  private applicationOf({ details }: SimCall): FoundApplication | undefined {
    return details.application_id === undefined ? undefined : this.directory.findApplication(details.application_id);
  }

  private about(call: SimCall): Payload {
    return {
      from: wireParty(call.from),
      to: wireParty(call.to),
      uuid: call.id,
      conversation_uuid: call.details.conversation_uuid,
    };
  }

  private event(call: SimCall, status: SimCallStatus): Payload {
    return {
      ...this.particulars(call, status),
      ...this.about(call),
      status: WORDS[status],
      direction: call.direction,
      timestamp: iso(this.now()),
    };
  }

  private particulars(call: SimCall, status: SimCallStatus): Payload {
    if (status === 'in_progress') return { headers: {}, start_time: null, rate: null, network: null };
    if (status === 'completed') return { headers: {}, network: 'GB-FIXED', ...summary(call), ...times(call, iso) };
    const detail = DETAILS[status];
    return detail === undefined ? {} : { detail };
  }

  private request(webhook: Webhook, payload: Payload, { account, application }: FoundApplication): OutgoingRequest {
    const unsigned = webhook.http_method === 'POST' ? posted(webhook, payload) : asked(webhook, payload);
    const { signed: content, ...request } = unsigned;
    if (!hasSignedCallbacks(application)) return request;
    const { apiKey, signatureSecret } = account;
    const token = webhookToken({ apiKey, signatureSecret, applicationId: application.id }, content, this.now());
    return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
  }
}

/** A call's end in figures; `wire` writes a time. */
export function times(call: SimCall, wire: (unixMs: number) => string): Payload {
  return {
    start_time: wire(call.answered_at ?? call.started_at),
    end_time: wire(call.ended_at ?? call.started_at),
  };
}

export function summary({ answered_at: answeredAt, ended_at: endedAt }: SimCall): Payload {
  const seconds = answeredAt === null || endedAt === null ? 0 : Math.round((endedAt - answeredAt) / 1000);
  return { duration: String(seconds), rate: RATE, price: ((Number(RATE) * seconds) / 60).toFixed(8) };
}

function posted({ address }: Webhook, payload: Payload): OutgoingRequest & { readonly signed: string } {
  const body = JSON.stringify(payload);
  return { method: 'POST', url: address, headers: { 'Content-Type': 'application/json' }, body, signed: body };
}

/** All parameters are signed, those that the URL has of itself too. */
function asked({ address }: Webhook, payload: Payload): OutgoingRequest & { readonly signed: string } {
  const url = new URL(address);
  for (const [name, value] of Object.entries(payload)) {
    if (typeof value === 'string') url.searchParams.append(name, value);
  }
  return { method: 'GET', url: url.href, headers: {}, signed: JSON.stringify(Object.fromEntries(url.searchParams)) };
}

function webhookOf(address: string, method: string | undefined): Webhook {
  return { address, http_method: method === 'POST' ? 'POST' : 'GET' };
}

/** Numbers without `+`; what is none as it is. */
export function wireParty(party: string): string {
  return party.replace(/^\+/, '');
}

function iso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
