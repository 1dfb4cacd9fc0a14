import { randomInt } from 'node:crypto';
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
import { bare, OzonetellAccount } from './ozonetell.account';
import { understandKooKoo, UnderstoodKooKoo } from './ozonetell.kookoo';

const STREAMS_PER_EXTENSION = 3;
const INDIA_MS = 5.5 * 3_600_000;

export interface OzonetellCallDetails {
  readonly url?: string;
  readonly extra_data?: string;
  readonly callback_url?: string;
}

/**
 * KooKoo's requests: all of them GET, none of them signed. The names are those of real requests in
 * https://github.com/anoopk405/kookoo-voicebot and of clients that read them; Ozonetel publishes no list.
 */
export class OzonetellCalls implements CallProtocol {
  private readonly extensions = new Map<string, string>();
  private readonly hungUp = new Set<string>();

  constructor(
    private readonly accounts: ReadonlyMap<string, OzonetellAccount>,
    private readonly find: (id: string) => SimCall | undefined,
  ) {}

  open(_from: string, to: string): Pick<SimCall, 'id' | 'account' | 'details'> {
    const account = [...this.accounts.values()].find(({ numbers }) => numbers.has(to));
    if (!account) throw new BadInput(`no account has ${to}`);
    return { id: newUcid(), account: account.userName, details: {} };
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const { extra_data: inline }: OzonetellCallDetails = call.details;
    const url = this.appUrl(call);
    if (url) return get(url, { event: 'NewCall', ...this.parties(call) });
    // An inline document takes the way of every other one.
    return inline ? { method: 'GET', url: `data:text/xml,${encodeURIComponent(inline)}`, headers: {} } : null;
  }

  understand(answer: ReceivedAnswer, call: SimCall): Understood {
    const { understood, extension } = this.read(answer, this.accounts.get(call.account));
    if (extension !== null) this.extensions.set(call.id, extension);
    if (understood.action === 'say' || understood.action === 'hangup') this.hungUp.add(call.id);
    return understood;
  }

  /** What an answer would do, for a trial of the portal as well. */
  read(answer: ReceivedAnswer, account: OzonetellAccount | undefined): UnderstoodKooKoo {
    return understandKooKoo(answer, {
      extensions: account?.extensions ?? [],
      hasRoom: (extension) => this.streamsOf(extension) < STREAMS_PER_EXTENSION,
    });
  }

  /** The call ends because we said so, which KooKoo tells apart. */
  hangUp(id: string): void {
    this.hungUp.add(id);
  }

  /** The end, and nothing before it: the CDR where a callback URL was given, else the event of the application URL. */
  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    if (!SIM_CALL_ENDS.some((end) => end === status)) return null;
    const { callback_url: callback }: OzonetellCallDetails = call.details;
    if (call.direction === 'outbound' && callback) return get(callback, this.cdr(call, status));
    const url = this.appUrl(call);
    return url ? get(url, this.hangupEvent(call, status)) : null;
  }

  private streamsOf(extension: string): number {
    const live = [...this.extensions].filter(([id]) => this.find(id)?.status === 'in_progress');
    return live.filter(([, used]) => used === extension).length;
  }

  private appUrl(call: SimCall): string | null {
    const { url }: OzonetellCallDetails = call.details;
    if (call.direction === 'outbound') return url ?? null;
    return this.accounts.get(call.account)?.numbers.get(call.to)?.app_url ?? null;
  }

  /** `cid` is the far end and `called_number` the account's own number, whoever calls. */
  private parties(call: SimCall): Record<string, string> {
    const [far, own] = call.direction === 'inbound' ? [call.from, call.to] : [call.to, call.from];
    const { extra_data: extra }: OzonetellCallDetails = call.details;
    const isIndian = far.startsWith('+91');
    return {
      sid: call.id,
      cid: bare(far),
      called_number: bare(own),
      operator: 'Airtel',
      circle: 'ANDHRA PRADESH',
      cid_type: 'MOBILE',
      cid_countryname: isIndian ? 'India' : '',
      cid_country: isIndian ? '91' : '',
      cid_e164: far,
      request_time: indianTime(call.started_at),
      ...(call.direction === 'outbound' ? { outbound_sid: call.id } : {}),
      ...(extra === undefined ? {} : { extra_data: extra }),
    };
  }

  private hangupEvent(call: SimCall, status: SimCallStatus): Record<string, string> {
    const action = call.understood?.action;
    return {
      event: this.hungUp.has(call.id) ? 'Disconnect' : 'Hangup',
      process: action === 'stream' || action === 'dial' ? action : 'none',
      ...this.parties(call),
      callduration: String(secondsBetween(call.answered_at, call.ended_at)),
      total_call_duration: String(secondsBetween(call.started_at, call.ended_at)),
      telco_code: TELCO_CODES[status],
    };
  }

  private cdr(call: SimCall, status: SimCallStatus): Record<string, string> {
    const { extra_data: extra }: OzonetellCallDetails = call.details;
    return {
      sid: call.id,
      ucid: call.id,
      phone_no: bare(call.to),
      caller_id: bare(call.from),
      status: STATUSES[status],
      telco_code: TELCO_CODES[status],
      start_time: indianTime(call.started_at),
      pick_time: indianTime(call.answered_at),
      end_time: indianTime(call.ended_at),
      duration: String(secondsBetween(call.answered_at, call.ended_at)),
      ringing_time: String(secondsBetween(call.started_at, call.answered_at ?? call.ended_at)),
      ...(extra === undefined ? {} : { extra_data: extra }),
    };
  }
}

/** Of the form 21275806501458167: seventeen digits, more than a double holds exactly. */
export function newUcid(): string {
  const part = () => String(randomInt(10_000_000, 100_000_000));
  return `${randomInt(1, 10)}${part()}${part()}`;
}

/** The request of the portal's "Test Application URL": it is about no call, and says so by leaving out `sid` and `cid`. */
export function testRequest(appUrl: string): OutgoingRequest {
  return get(appUrl, { event: 'NewCall' });
}

const STATUSES: Readonly<Record<SimCallStatus, string>> = {
  queued: 'queued',
  ringing: 'queued',
  in_progress: 'answered',
  completed: 'answered',
  busy: 'busy',
  no_answer: 'not_answered',
  failed: 'failed',
  canceled: 'not_answered',
};

/** ITU-T Q.850 causes, as clients read them. */
const TELCO_CODES: Readonly<Record<SimCallStatus, string>> = {
  queued: '',
  ringing: '',
  in_progress: '',
  completed: '16',
  busy: '17',
  no_answer: '19',
  failed: '21',
  canceled: '205',
};

function get(url: string, fields: Record<string, string>): OutgoingRequest {
  const target = new URL(url);
  for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
  return { method: 'GET', url: target.href, headers: {} };
}

/** `2026-04-10 13:05:02`, in Indian Standard Time; nothing where there is no time. */
function indianTime(unixMs: number | null): string {
  return unixMs === null ? '' : new Date(unixMs + INDIA_MS).toISOString().slice(0, 19).replace('T', ' ');
}

function secondsBetween(from: number | null, to: number | null): number {
  return from === null || to === null ? 0 : Math.round((to - from) / 1000);
}
