import { randomUUID } from 'node:crypto';
import { CallProtocol, OutgoingRequest, ReceivedAnswer, SimCall, SimCallStatus, Understood } from '../core/call';
import { BadInput } from '../core/input';
import { PlivoAccount } from './plivo.account';
import { billedSecondsOf, hangupCause, isEnd, localTime, secondsOf, statusWord, utcTime } from './plivo.call-status';
import { signatureHeaders } from './plivo.signature';
import { understandPlivoXml } from './plivo.xml';

const RATE_PER_MINUTE = 0.0085;

export interface PlivoAccounts {
  account(authId: string): PlivoAccount | undefined;
  /** The account that rents the number (without `+`). */
  holderOf(number: string): PlivoAccount | undefined;
}

/**
 * What Plivo asks and tells in the course of a call: https://www.plivo.com/docs/voice/xml/request and
 * https://www.plivo.com/docs/voice/api/calls. The fallback URL of an application is not asked.
 */
export class PlivoCallProtocol implements CallProtocol {
  constructor(private readonly accounts: PlivoAccounts) {}

  open(_from: string, to: string): Pick<SimCall, 'id' | 'account' | 'details'> {
    const account = this.accounts.holderOf(withoutPlus(to));
    const route = account?.routeOf(to);
    if (!account || !route) throw new BadInput(`no Plivo account rents ${to}`);
    if (route.kind === 'none') return { id: randomUUID(), account: account.authId, details: {} };
    const { answer_url, answer_method, hangup_url, hangup_method } = route;
    const details = { answer_url, answer_method, hangup_url, hangup_method };
    return { id: randomUUID(), account: account.authId, details };
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const status = call.direction === 'inbound' ? 'ringing' : 'in_progress';
    return this.request(call, 'answer', { ...this.parameters(call, status), Event: 'StartApp' });
  }

  understand(answer: ReceivedAnswer, call: SimCall): Understood {
    return understandPlivoXml(answer, call.answered_at !== null);
  }

  /** Ringing is told of calls through the API alone, that they were answered of none. */
  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    if (status === 'ringing') {
      return this.request(call, 'ring', { ...this.parameters(call, status), Event: 'Ring' });
    }
    if (!isEnd(status)) return null;
    return this.request(call, 'hangup', { ...this.parameters(call, status), ...this.ending(call, status) });
  }

  private request(
    call: SimCall,
    purpose: 'answer' | 'hangup' | 'ring',
    parameters: Readonly<Record<string, string>>,
  ): OutgoingRequest | null {
    const target = call.details[`${purpose}_url`];
    const account = this.accounts.account(call.account);
    if (!target || !account) return null;
    const tokens = { own: account.authToken, main: account.mainAuthToken };
    if (call.details[`${purpose}_method`] === 'GET') {
      const url = new URL(target);
      for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
      const headers = signatureHeaders({ method: 'GET', url: url.href, parameters: {} }, tokens);
      return { method: 'GET', url: url.href, headers };
    }
    return {
      method: 'POST',
      url: target,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...signatureHeaders({ method: 'POST', url: target, parameters }, tokens),
      },
      body: new URLSearchParams(parameters).toString(),
    };
  }

  /** The identifier that the API answered is another than that of the call. */
  private parameters(call: SimCall, status: SimCallStatus): Record<string, string> {
    const request = call.details.request_uuid;
    return {
      BillRate: String(RATE_PER_MINUTE),
      CallStatus: statusWord(call, status),
      CallUUID: call.id,
      CallerName: call.from,
      Direction: call.direction,
      From: withoutPlus(call.from),
      ParentAuthID: call.account,
      SessionStart: utcTime(call.started_at),
      To: withoutPlus(call.to),
      ...(request === undefined ? {} : { ALegRequestUUID: request, ALegUUID: call.id, RequestUUID: request }),
    };
  }

  /** Times are local, by the time zone of the account. */
  private ending(call: SimCall, status: SimCallStatus): Record<string, string> {
    const timezone = this.accounts.account(call.account)?.timezone ?? 'UTC';
    const { code, name, source, cause } = hangupCause(call, status);
    const billed = billedSecondsOf(call);
    return {
      AnswerTime: localTime(call.answered_at, timezone),
      BillDuration: String(billed),
      Duration: String(secondsOf(call)),
      EndTime: localTime(call.ended_at, timezone),
      Event: 'Hangup',
      HangupCause: cause,
      HangupCauseCode: String(code),
      HangupCauseName: name,
      HangupSource: source,
      StartTime: localTime(call.started_at, timezone),
      TotalCost: ((billed / 60) * RATE_PER_MINUTE).toFixed(5),
    };
  }
}

function withoutPlus(party: string): string {
  return party.replace(/^\+/, '');
}
