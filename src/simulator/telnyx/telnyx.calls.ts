import { CallBook } from '../core/call-book';
import { SimCall } from '../core/call';
import { VendorReply, VendorRequest } from '../core/vendor';
import { ok } from './telnyx.access';
import { TelnyxAccount } from './telnyx.account';
import { callPage } from './telnyx.call-list';
import { fieldsOf, parseCallOrder } from './telnyx.call-order';
import { isEnd, newCallDetails, newCallSid, secondsOf } from './telnyx.call-protocol';
import { callResource } from './telnyx.call-resource';
import { TelnyxError } from './telnyx.errors';

/**
 * Calls by TeXML, and the commands of Call Control that end such a call or ask about it.
 * https://developers.telnyx.com/api-reference/texml-rest-commands. Redirecting a call is missing.
 */
export class TelnyxCalls {
  constructor(private readonly calls: CallBook) {}

  /** `POST /texml/calls/{connection_id}`: a flat answer that names the call. */
  createOnConnection(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const call = this.place(account, request, request.params.connection ?? '');
    return { status: 200, body: { call_sid: call.id, from: call.from, to: call.to, status: 'queued' } };
  }

  /** `POST /texml/Accounts/{account_sid}/Calls`: the documented answer does not name the call. */
  createOnAccount(account: TelnyxAccount, request: VendorRequest): VendorReply {
    checkAccount(account, request);
    const applicationId = fieldsOf(request).ApplicationSid;
    if (!applicationId) throw new TelnyxError(10004, '/ApplicationSid');
    const call = this.place(account, request, applicationId);
    return { status: 200, body: { from: call.from, to: call.to, status: 'queued' } };
  }

  /** `GET /texml/Accounts/{account_sid}/Calls` */
  list(account: TelnyxAccount, request: VendorRequest): VendorReply {
    checkAccount(account, request);
    const own = this.calls.list().filter((call) => call.account === account.sid);
    return callPage(own, request.query, account.sid);
  }

  read(account: TelnyxAccount, request: VendorRequest): VendorReply {
    checkAccount(account, request);
    return { status: 200, body: callResource(this.find(account, request, 10005)) };
  }

  /** "Setting the status to completed ends the call." */
  update(account: TelnyxAccount, request: VendorRequest): VendorReply {
    checkAccount(account, request);
    const call = this.find(account, request, 10005);
    if (fieldsOf(request).Status !== 'completed') throw new TelnyxError(10015, '/Status');
    this.end(call);
    return { status: 200, body: callResource(call) };
  }

  /** `POST /calls/{call_control_id}/actions/hangup` */
  hangup(account: TelnyxAccount, request: VendorRequest): VendorReply {
    this.end(this.find(account, request, 90015));
    return ok({ result: 'ok' });
  }

  /** `GET /calls/{call_control_id}` */
  readStatus(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const call = this.find(account, request, 90015);
    return ok({
      record_type: 'call',
      call_control_id: call.id,
      call_leg_id: call.details.leg_id,
      call_session_id: call.details.session_id,
      is_alive: !isEnd(call.status),
      call_duration: secondsOf(call),
      start_time: new Date(call.started_at).toISOString(),
      ...(call.ended_at === null ? {} : { end_time: new Date(call.ended_at).toISOString() }),
    });
  }

  private place(account: TelnyxAccount, request: VendorRequest, applicationId: string): SimCall {
    const { details, ...parties } = parseCallOrder(request, account, applicationId);
    const own = { id: newCallSid(), account: account.sid, details: { ...details, ...newCallDetails() } };
    return this.calls.place({ ...own, ...parties });
  }

  private find(account: TelnyxAccount, { params }: VendorRequest, unknown: 10005 | 90015): SimCall {
    const call = this.calls.find(params.call ?? '');
    if (call?.account !== account.sid) throw new TelnyxError(unknown);
    return call;
  }

  /** The callbacks are not waited for. */
  private end(call: SimCall): void {
    if (isEnd(call.status)) throw new TelnyxError(90018);
    const isAnswered = call.answered_at !== null;
    void this.calls.end(call.id, { status: isAnswered ? 'completed' : 'canceled' });
  }
}

function checkAccount(account: TelnyxAccount, { params }: VendorRequest): void {
  if (params.account !== account.sid) throw new TelnyxError(10005);
}
