import { randomUUID } from 'node:crypto';
import { CallBook } from '../core/call-book';
import { SimCall } from '../core/call';
import { VendorReply, VendorRequest } from '../core/vendor';
import { PlivoAccount } from './plivo.account';
import { recordFilter } from './plivo.call-filter';
import { billedSecondsOf, hangupCause, isEnd, secondsOf, statusWord, utcTime, zonedTime } from './plivo.call-status';
import { deleted, notFound, refusal, reply } from './plivo.errors';
import { isHttpUrl, isMethod, membersOf } from './plivo.input';
import { pageOf } from './plivo.page';

const MAX_DESTINATIONS = 1000;
const REQUIRED = ['from', 'to', 'answer_url'] as const;
const URLS = ['answer', 'ring', 'hangup'] as const;

/** Calls and requests for calls: https://www.plivo.com/docs/voice/api/calls. Hanging up all calls at once is missing. */
export class PlivoCalls {
  constructor(
    private readonly calls: CallBook,
    private readonly now: () => number,
  ) {}

  /** Anyone may be called, from any number: there is no list of verified callers here. */
  create(account: PlivoAccount, request: VendorRequest): VendorReply {
    const sent = membersOf(request);
    if (!sent) return refusal(400, 'the body must be a JSON object');
    const missing = REQUIRED.find((name) => typeof sent[name] !== 'string' || sent[name] === '');
    if (missing !== undefined) return refusal(400, `${missing} parameter is required`);
    const destinations = String(sent.to).split('<').map(partyOf);
    const from = partyOf(String(sent.from));
    if (from === undefined) return refusal(400, 'from parameter is invalid');
    if (destinations.length > MAX_DESTINATIONS || destinations.includes(undefined)) {
      return refusal(400, 'to parameter is invalid');
    }
    const callbacks = callbacksOf(sent);
    if (typeof callbacks === 'string') return refusal(400, `${callbacks} parameter is invalid`);
    const placed = destinations.map((to = '') => this.place(account, from, to, callbacks));
    return reply(201, { message: 'call fired', request_uuid: placed.length === 1 ? placed[0] : placed });
  }

  /** Live and queued calls by identifier; else the records of those that are over, the newest first. */
  list(account: PlivoAccount, request: VendorRequest): VendorReply {
    const status = request.query.get('status');
    const own = this.calls.list().filter((call) => call.account === account.authId);
    if (status === 'live' || status === 'queued') {
      const calls = own.filter((call) => stateOf(call) === status);
      return reply(200, { calls: calls.map(({ id }) => id) });
    }
    const filter = recordFilter(request.query, this.now());
    if ('fault' in filter) return refusal(400, filter.fault);
    const over = own.filter((call) => stateOf(call) === 'over' && filter.matches(call)).reverse();
    return pageOf(request, over, (call) => record(account, call));
  }

  /**
   * There is a record once the call is over, also by the name of the request that placed it
   * (https://github.com/plivo/plivo-python/issues/44); until then it is found with `status=live` or `queued`.
   */
  read(account: PlivoAccount, { params, query }: VendorRequest): VendorReply {
    const wanted = query.get('status') ?? 'over';
    const call =
      this.own(account, params.call) ?? (wanted === 'over' ? this.requested(account, params.call) : undefined);
    if (!call || stateOf(call) !== wanted) return notFound();
    return reply(200, wanted === 'over' ? record(account, call) : liveCall(call));
  }

  hangUp(account: PlivoAccount, { params }: VendorRequest): VendorReply {
    const call = this.own(account, params.call);
    if (!call || isEnd(call.status)) return notFound();
    void this.calls.end(call.id, { status: call.answered_at === null ? 'canceled' : 'completed' });
    return deleted();
  }

  /** A request is there until the call is answered. */
  cancel(account: PlivoAccount, { params }: VendorRequest): VendorReply {
    const call = this.requested(account, params.request);
    if (!call || isEnd(call.status) || call.answered_at !== null) return notFound();
    void this.calls.end(call.id, { status: 'canceled' });
    return deleted();
  }

  private place(account: PlivoAccount, from: string, to: string, callbacks: Readonly<Record<string, string>>): string {
    const requestUuid = randomUUID();
    const details = { ...callbacks, request_uuid: requestUuid };
    this.calls.place({ id: randomUUID(), account: account.authId, from, to, details });
    return requestUuid;
  }

  private own(account: PlivoAccount, id = ''): SimCall | undefined {
    const call = this.calls.find(id);
    return call?.account === account.authId ? call : undefined;
  }

  private requested({ authId }: PlivoAccount, request = ''): SimCall | undefined {
    return this.calls.list().find(({ account, details }) => account === authId && details.request_uuid === request);
  }
}

/** E.164, or a SIP URI. */
function partyOf(text: string): string | undefined {
  if (/^sips?:[^\s@<>]+@[^\s@<>]+$/i.test(text)) return text;
  const number = `+${text.trim().replace(/^\+/, '')}`;
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}

/** URLs and methods to remember, or the name of the one that is wrong. */
function callbacksOf(sent: Readonly<Record<string, unknown>>): Record<string, string> | string {
  const details: Record<string, string> = {};
  for (const purpose of URLS) {
    const url = sent[`${purpose}_url`];
    const method = sent[`${purpose}_method`] ?? 'POST';
    if (url === undefined || url === null || url === '') continue;
    if (!isHttpUrl(url)) return `${purpose}_url`;
    if (!isMethod(method)) return `${purpose}_method`;
    details[`${purpose}_url`] = url;
    details[`${purpose}_method`] = method;
  }
  return details;
}

function stateOf({ status }: SimCall): 'queued' | 'live' | 'over' {
  if (status === 'queued') return 'queued';
  return isEnd(status) ? 'over' : 'live';
}

function liveCall(call: SimCall): Record<string, unknown> {
  return {
    call_status: statusWord(call, call.status),
    call_uuid: call.id,
    caller_name: call.from,
    direction: call.direction,
    from: call.from.replace(/^\+/, ''),
    request_uuid: call.details.request_uuid ?? call.id,
    session_start: utcTime(call.started_at),
    stir_attestation: '',
    stir_verification: 'Not Applicable',
    to: call.to.replace(/^\+/, ''),
  };
}

function record({ authId, timezone }: PlivoAccount, call: SimCall): Record<string, unknown> {
  const { code, name, source } = hangupCause(call, call.status);
  const seconds = secondsOf(call);
  return {
    answer_time: zonedTime(call.answered_at, timezone),
    bill_duration: seconds,
    billed_duration: billedSecondsOf(call),
    call_direction: call.direction,
    call_duration: seconds,
    call_state: call.answered_at === null ? 'NO_ANSWER' : 'ANSWER',
    call_uuid: call.id,
    conference_uuid: null,
    end_time: zonedTime(call.ended_at, timezone),
    from_number: call.from,
    hangup_cause_code: code,
    hangup_cause_name: name,
    hangup_source: source,
    initiation_time: zonedTime(call.started_at, timezone),
    parent_call_uuid: null,
    resource_uri: `/v1/Account/${authId}/Call/${call.id}/`,
    to_number: call.to.replace(/^\+/, ''),
    total_amount: '0.00000',
    total_rate: '0.00850',
  };
}
