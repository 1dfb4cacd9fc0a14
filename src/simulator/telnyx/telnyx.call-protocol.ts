import { randomBytes, randomUUID } from 'node:crypto';
import {
  CallProtocol,
  OutgoingRequest,
  ReceivedAnswer,
  SIM_CALL_ENDS,
  SimCall,
  SimCallStatus,
  Understood,
} from '../core/call';
import { NewOutboundCall } from '../core/call-book';
import { BadInput } from '../core/input';
import { TelnyxAccount } from './telnyx.account';
import { CALL_EVENTS } from './telnyx.call-order';
import { signedHeaders } from './telnyx.keys';
import { understandTexml } from './telnyx.texml';

const WORDS = {
  queued: 'queued',
  ringing: 'ringing',
  in_progress: 'in-progress',
  completed: 'completed',
  busy: 'busy',
  no_answer: 'no-answer',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<SimCallStatus, string>;

/** https://developers.telnyx.com/docs/voice/programmable-voice/hangup-causes */
const HANGUP_CAUSES: Partial<Record<SimCallStatus, string>> = {
  completed: 'normal_clearing',
  busy: 'user_busy',
  no_answer: 'no_answer',
  failed: 'unspecified',
  canceled: 'originator_cancel',
};

export interface TelnyxAccounts {
  account(sid: string): TelnyxAccount | undefined;
  /** The account that holds the number. */
  holderOf(phoneNumber: string): TelnyxAccount | undefined;
}

/**
 * What Telnyx asks and tells in the course of a TeXML call, as forms signed with Ed25519. The callback `initiated` is never
 * sent, and a fallback URL never asked.
 * https://developers.telnyx.com/api-reference/callbacks/texml-call-completed
 */
export class TelnyxCallProtocol implements CallProtocol {
  constructor(
    private readonly accounts: TelnyxAccounts,
    private readonly now: () => number,
  ) {}

  open(_from: string, to: string): Pick<NewOutboundCall, 'id' | 'account' | 'details'> {
    const account = this.accounts.holderOf(to);
    const number = account?.number(to);
    if (!account || !number) throw new BadInput(`no Telnyx account holds ${to}`);
    const destination = account.destinationOf(number, this.now());
    const own = newCallDetails();
    if (destination.kind !== 'texml') return { id: newCallSid(), account: account.sid, details: own };
    const { application } = destination;
    const details = {
      ...own,
      connection_id: application.id,
      answer_url: application.voice_url,
      answer_method: application.voice_method.toUpperCase(),
      // What the number was translated to takes the place of what was dialled.
      ...(number.translated_number ? { shown_to: number.translated_number } : {}),
      ...(application.status_callback
        ? {
            status_url: application.status_callback,
            status_method: application.status_callback_method.toUpperCase(),
            status_events: CALL_EVENTS.join(' '),
          }
        : {}),
    };
    return { id: newCallSid(), account: account.sid, details };
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const { answer_url: url, answer_method: method } = call.details;
    if (url === undefined) return null;
    const status = call.direction === 'inbound' ? 'ringing' : 'in-progress';
    return this.request(call, url, method, { ...aboutCall(call), CallStatus: status });
  }

  understand(answer: ReceivedAnswer): Understood {
    return understandTexml(answer);
  }

  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    const { status_url: url, status_method: method, status_events: events = '' } = call.details;
    const event = eventOf(status);
    if (url === undefined || event === null || !events.split(' ').includes(event)) return null;
    return this.request(call, url, method, {
      ...aboutCall(call),
      CallStatus: WORDS[status],
      CallbackSource: 'call-progress-events',
      SequenceNumber: String(CALL_EVENTS.findIndex((known) => known === event)),
      Timestamp: new Date(this.now()).toISOString(),
      ...(event === 'completed' ? aboutEnd(call, status) : {}),
    });
  }

  private request(
    call: SimCall,
    url: string,
    method: string | undefined,
    parameters: Readonly<Record<string, string>>,
  ): OutgoingRequest {
    const form = new URLSearchParams(parameters).toString();
    const key = this.accounts.account(call.account)?.signingKey;
    if (!key) throw new Error(`there is no account ${call.account} any more`);
    const headers = (body: string) => ({ 'user-agent': 'telnyx-webhooks', ...signedHeaders(key, body, this.now()) });
    if (method === 'GET') {
      const asked = `${url}${url.includes('?') ? '&' : '?'}${form}`;
      return { method: 'GET', url: asked, headers: headers('') };
    }
    return {
      method: 'POST',
      url,
      headers: { ...headers(form), 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    };
  }
}

/** A call is named by the identifier that its Call Control commands take. */
export function newCallSid(): string {
  return `v3:${randomBytes(39).toString('base64url')}`;
}

export function newCallDetails(): Record<string, string> {
  return { leg_id: randomUUID(), session_id: randomUUID() };
}

export function isEnd(status: SimCallStatus): boolean {
  return SIM_CALL_ENDS.some((end) => end === status);
}

export function statusWord(status: SimCallStatus): string {
  return WORDS[status];
}

/** Of the conversation, in whole seconds; 0 where nobody has answered. */
export function secondsOf({ answered_at: answered, ended_at: ended }: SimCall): number {
  return answered === null || ended === null ? 0 : Math.max(0, Math.round((ended - answered) / 1000));
}

function eventOf(status: SimCallStatus): (typeof CALL_EVENTS)[number] | null {
  if (isEnd(status)) return 'completed';
  if (status === 'queued') return null;
  return status === 'ringing' ? 'ringing' : 'answered';
}

function aboutCall(call: SimCall): Record<string, string> {
  const { connection_id: connectionId = '', leg_id = '', session_id = '', shown_to: to } = call.details;
  return {
    AccountSid: call.account,
    CallSid: call.id,
    CallSidLegacy: call.id,
    CallLegId: leg_id,
    CallSessionId: session_id,
    CallInitiatedAt: new Date(call.started_at).toISOString(),
    ConnectionId: connectionId,
    Direction: call.direction,
    From: call.from,
    To: to ?? call.to,
  };
}

function aboutEnd(call: SimCall, status: SimCallStatus): Record<string, string> {
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    CallDuration: String(secondsOf(call)),
    HangupCause: HANGUP_CAUSES[status] ?? 'unspecified',
    HangupSource: status === 'canceled' ? 'caller' : 'callee',
    ...(call.answered_at === null ? {} : { AnsweredTime: at(call.answered_at) }),
    ...(call.ended_at === null ? {} : { EndTime: at(call.ended_at) }),
  };
}
