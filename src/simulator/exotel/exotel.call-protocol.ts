import { randomBytes } from 'node:crypto';
import {
  CallProtocol,
  OutgoingRequest,
  ReceivedAnswer,
  SIM_CALL_ENDS,
  SimCall,
  SimCallStatus,
  Understood,
} from '../core/call';
import { BadInput } from '../core/input';
import { ExotelAccount } from './exotel.account';
import { conversationS, exotelStatus, partiesOf } from './exotel.call-resource';
import { streamTo, understandStream } from './exotel.stream-url';
import { exotelCreated, exotelTime } from './exotel.time';

/** What Exotel calls an account inside; any number will do. */
const TENANT_ID = '39';

export interface ExotelAccounts {
  account(sid: string): ExotelAccount | undefined;
  holderOf(phoneNumber: string): ExotelAccount | undefined;
}

export function newCallSid(): string {
  return randomBytes(16).toString('hex');
}

/**
 * A call goes through a flow, whose Voicebot applet asks its dynamic URL where to stream to, or straight to the stream that
 * was given with it. Nothing is signed: a URL may carry a user and a password, which are sent by HTTP Basic.
 * Sources: https://docs.exotel.com/exotel-agentstream, and for the fields that an applet sends
 * https://support.exotel.com/support/solutions/articles/48283-working-with-passthru-applet
 */
export class ExotelCallProtocol implements CallProtocol {
  constructor(
    private readonly accounts: ExotelAccounts,
    private readonly now: () => number,
  ) {}

  open(_from: string, to: string): Pick<SimCall, 'id' | 'account' | 'details'> {
    const account = this.accounts.holderOf(to);
    const number = account?.number(to);
    if (!account || !number) throw new BadInput(`no Exotel account holds ${to}`);
    const flow = account.flowAt(number.voice_url);
    const details: Record<string, string> = { number_sid: number.sid };
    if (flow) details.app_id = flow.app_id;
    if (flow?.status_callback) details.status_callback = flow.status_callback;
    return { id: newCallSid(), account: account.sid, details };
  }

  /** The stream that the call or the flow names itself. */
  toldBefore(call: SimCall): Understood | null {
    const url = call.details.stream_url ?? this.dynamicUrl(call);
    return url && /^wss?:/i.test(url) ? streamTo(url) : null;
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const url = this.dynamicUrl(call);
    return url ? asked('GET', withQuery(url, this.appletFields(call))) : null;
  }

  understand(answer: ReceivedAnswer): Understood {
    return understandStream(answer);
  }

  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    const { status_callback: url, events } = call.details;
    const event = eventOf(status);
    if (url === undefined || event === null) return null;
    if (events === undefined && event !== 'terminal') return null;
    if (events !== undefined && !events.split(',').includes(event)) return null;
    const isDetailed = events !== undefined || call.direction === 'inbound';
    const fields = {
      ...this.defaultFields(call, status),
      ...(isDetailed ? this.eventFields(call, status, event) : {}),
    };
    const body = new URLSearchParams(fields).toString();
    return { ...asked('POST', url, { 'content-type': 'application/x-www-form-urlencoded' }), body };
  }

  private dynamicUrl({ account, details }: SimCall): string | null {
    return (details.app_id && this.accounts.account(account)?.flow(details.app_id)?.dynamic_url) || null;
  }

  private appletFields(call: SimCall): Record<string, string> {
    const { from, to } = partiesOf(call);
    return {
      CallSid: call.id,
      CallFrom: from,
      CallTo: to,
      CallStatus: 'ringing',
      Direction: call.direction === 'inbound' ? 'incoming' : 'outbound-dial',
      ForwardedFrom: '',
      Created: exotelCreated(call.started_at),
      DialCallDuration: '0',
      StartTime: exotelTime(call.started_at) ?? '',
      EndTime: '1970-01-01 05:30:00',
      CallType: 'call-attempt',
      DialWhomNumber: '',
      flow_id: call.details.app_id ?? '',
      tenant_id: TENANT_ID,
      From: from,
      To: to,
      CurrentTime: exotelTime(this.now()) ?? '',
      ...(call.details.custom_field === undefined ? {} : { CustomField: call.details.custom_field }),
    };
  }

  /** "Always included". */
  private defaultFields(call: SimCall, status: SimCallStatus): Record<string, string> {
    return {
      CallSid: call.id,
      DateUpdated: exotelTime(this.now()) ?? '',
      Status: exotelStatus(status),
      RecordingUrl: '',
    };
  }

  private eventFields(call: SimCall, status: SimCallStatus, event: string): Record<string, string> {
    const { from, to } = partiesOf(call);
    const hasEnded = event === 'terminal';
    return {
      EventType: event,
      DateCreated: exotelTime(call.started_at) ?? '',
      To: to,
      From: from,
      PhoneNumberSid: call.details.number_sid ?? to,
      StartTime: exotelTime(call.started_at) ?? '',
      EndTime: exotelTime(call.ended_at) ?? '',
      ConversationDuration: String(conversationS(call)),
      Direction: call.direction === 'inbound' ? 'inbound' : 'outbound-api',
      CustomField: call.details.custom_field ?? '',
      ...(hasEnded
        ? { 'Legs[0][OnCallDuration]': String(conversationS(call)), 'Legs[0][Status]': exotelStatus(status) }
        : {}),
    };
  }
}

function eventOf(status: SimCallStatus): 'ringing' | 'answered' | 'terminal' | null {
  if (status === 'ringing') return 'ringing';
  if (status === 'in_progress') return 'answered';
  return SIM_CALL_ENDS.some((end) => end === status) ? 'terminal' : null;
}

/** A user and a password in the URL become a header, which is how Exotel sends them. */
function asked(method: 'GET' | 'POST', text: string, headers: Readonly<Record<string, string>> = {}): OutgoingRequest {
  const url = new URL(text);
  const { username, password } = url;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  url.username = '';
  url.password = '';
  const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
  return { method, url: url.href, headers: username === '' ? headers : { ...headers, authorization } };
}

function withQuery(url: string, fields: Readonly<Record<string, string>>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(fields).toString()}`;
}
