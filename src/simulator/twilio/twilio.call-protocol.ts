import { randomBytes } from 'node:crypto';
import { CallProtocol, OutgoingRequest, ReceivedAnswer, SimCall, SimCallStatus, Understood } from '../core/call';
import { NewOutboundCall } from '../core/call-book';
import { BadInput } from '../core/input';
import { TwilioAccount } from './twilio.account';
import { directionWord, isEnd, secondsOf, statusWord } from './twilio.call-status';
import { effectiveVoiceTarget, rfc2822, TwilioNumber } from './twilio.number';
import { understandTwiml } from './twilio.twiml';
import { webhookRequest } from './twilio.webhook-request';

type OpenedCall = Pick<NewOutboundCall, 'id' | 'account' | 'details'>;

/** https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent */
const EVENTS: Partial<Record<SimCallStatus, string>> = {
  queued: 'initiated',
  ringing: 'ringing',
  in_progress: 'answered',
};
/** With which calls that a phone network has carried end; others tell none. https://datatracker.ietf.org/doc/html/rfc3261#section-21 */
const SIP_CODES: Partial<Record<SimCallStatus, string>> = {
  completed: '200',
  busy: '486',
  no_answer: '487',
  canceled: '487',
};
/** https://www.twilio.com/docs/api/errors/11200 */
const NOT_RETRIEVED = '11200';

export interface TwilioAccounts {
  account(sid: string): TwilioAccount | undefined;
  /** The account that holds the number. */
  holderOf(phoneNumber: string): TwilioAccount | undefined;
}

/**
 * What Twilio asks and tells in the course of a call.
 * https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application and
 * https://www.twilio.com/docs/voice/api/call-resource#statuscallback
 */
export class TwilioCallProtocol implements CallProtocol {
  /** How many callbacks have told of a call. */
  private readonly told = new WeakMap<SimCall, number>();

  constructor(
    private readonly accounts: TwilioAccounts,
    private readonly now: () => number,
  ) {}

  open(_from: string, to: string): OpenedCall {
    const account = this.accounts.holderOf(to);
    const number = account?.number(to);
    if (!account || !number) throw new BadInput(`no Twilio account holds ${to}`);
    return { id: newCallSid(), account: account.sid, details: detailsOf(number) };
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const { answer_url: url, answer_method: method = 'POST' } = call.details;
    return url === undefined ? null : this.askFor(call, { url, method }, {});
  }

  /** "If Twilio is unable to retrieve or execute TwiML": https://www.twilio.com/docs/usage/security/availability-reliability */
  fallbackRequest(call: SimCall): OutgoingRequest | null {
    const { fallback_url: url, fallback_method: method = 'POST', answer_url: failed = '' } = call.details;
    if (url === undefined) return null;
    const code = call.understood?.action === 'invalid' ? call.understood.error.slice(0, 5) : NOT_RETRIEVED;
    return this.askFor(call, { url, method }, { ErrorCode: code, ErrorUrl: failed });
  }

  understand(answer: ReceivedAnswer, call: SimCall): Understood {
    const numbers = this.accounts.account(call.account)?.numbers() ?? [];
    return understandTwiml(answer, [call.from, call.to, ...numbers.map((number) => number.phone_number)]);
  }

  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    const { status_url: url, status_method: method = 'POST', status_events: events = '' } = call.details;
    const event = isEnd(status) ? 'completed' : EVENTS[status];
    if (url === undefined || event === undefined || !events.split(',').includes(event)) return null;
    return webhookRequest({ url, method, parameters: this.statusParameters(call, status, event) }, this.tokenOf(call));
  }

  private askFor(
    call: SimCall,
    target: { readonly url: string; readonly method: string },
    more: Readonly<Record<string, string>>,
  ): OutgoingRequest {
    const word = call.direction === 'inbound' ? 'ringing' : 'in-progress';
    return webhookRequest({ ...target, parameters: { ...callParameters(call, word), ...more } }, this.tokenOf(call));
  }

  private statusParameters(call: SimCall, status: SimCallStatus, event: string): Record<string, string> {
    const sequence = this.told.get(call) ?? 0;
    this.told.set(call, sequence + 1);
    const at = isEnd(status) ? call.ended_at : event === 'answered' ? call.answered_at : null;
    return {
      ...callParameters(call, event === 'initiated' ? event : statusWord(call, status)),
      Timestamp: rfc2822(at ?? this.now()),
      CallbackSource: 'call-progress-events',
      SequenceNumber: String(sequence),
      ...(isEnd(status) ? endParameters(call, status) : {}),
    };
  }

  private tokenOf(call: SimCall): string {
    return this.accounts.account(call.account)?.authToken ?? '';
  }
}

export function newCallSid(): string {
  return `CA${randomBytes(16).toString('hex')}`;
}

/** A trunk, an application and a number that receives faxes have their calls go elsewhere, and tell nothing here. */
function detailsOf(number: TwilioNumber): Record<string, string> {
  const target = effectiveVoiceTarget(number);
  if (target.kind !== 'url' || number.voice_receive_mode === 'fax') return { phone_number_sid: number.sid };
  const details: Record<string, string> = {
    phone_number_sid: number.sid,
    answer_url: target.voice_url,
    answer_method: target.voice_method,
  };
  if (target.voice_fallback_url) {
    details.fallback_url = target.voice_fallback_url;
    details.fallback_method = target.voice_fallback_method;
  }
  if (target.status_callback) {
    details.status_url = target.status_callback;
    details.status_method = target.status_callback_method;
    details.status_events = 'completed';
  }
  return details;
}

/** Places are told as far as Twilio knows them; here, as often there, it knows none. */
function callParameters(call: SimCall, word: string): Record<string, string> {
  const unknown = ['City', 'State', 'Zip'].flatMap((what) =>
    ['From', 'Caller', 'To', 'Called'].map((party) => [`${party}${what}`, ''] as const),
  );
  return {
    AccountSid: call.account,
    ApiVersion: '2010-04-01',
    CallSid: call.id,
    CallStatus: word,
    Called: call.to,
    Caller: call.from,
    Direction: directionWord(call),
    From: call.from,
    To: call.to,
    ...Object.fromEntries(unknown),
  };
}

/** `CallDuration` in seconds, `Duration` in minutes begun. */
function endParameters(call: SimCall, status: SimCallStatus): Record<string, string> {
  const seconds = secondsOf(call);
  const code = call.direction === 'outbound' ? SIP_CODES[status] : undefined;
  return {
    CallDuration: String(seconds),
    Duration: String(Math.ceil(seconds / 60)),
    ...(code === undefined ? {} : { SipResponseCode: code }),
  };
}
