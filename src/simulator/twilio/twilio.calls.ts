import { CallBook } from '../core/call-book';
import { SimCall } from '../core/call';
import { VendorReply, VendorRequest } from '../core/vendor';
import { TwilioAccount } from './twilio.account';
import { CALL_FILTERS, callFilter } from './twilio.call-filter';
import { parseCallForm } from './twilio.call-form';
import { newCallSid } from './twilio.call-protocol';
import { callResource } from './twilio.call-resource';
import { isEnd } from './twilio.call-status';
import { errorOfStatus, errorReply } from './twilio.errors';
import { pageOf } from './twilio.paging';

/** The Calls resource: https://www.twilio.com/docs/voice/api/call-resource. Redirecting and deleting are missing. */
export class TwilioCalls {
  constructor(private readonly calls: CallBook) {}

  create(account: TwilioAccount, { form }: VendorRequest): VendorReply {
    const parsed = parseCallForm(form, account);
    if ('error' in parsed) return errorReply(parsed.error);
    const call = this.calls.place({ id: newCallSid(), account: account.sid, ...parsed.order });
    return { status: 201, body: callResource(call) };
  }

  /** The newest first. */
  list(account: TwilioAccount, { query }: VendorRequest): VendorReply {
    const filter = callFilter(query);
    if ('error' in filter) return errorReply(filter.error);
    const wanted = (call: SimCall) => call.account === account.sid && filter.test(call);
    const page = pageOf(this.calls.list().filter(wanted).reverse(), query, {
      member: 'calls',
      path: `/2010-04-01/Accounts/${account.sid}/Calls.json`,
      filters: CALL_FILTERS,
      sidOf: (call) => call.id,
      resourceOf: callResource,
    });
    return 'error' in page ? errorReply(page.error) : { status: 200, body: page.body };
  }

  read(account: TwilioAccount, request: VendorRequest): VendorReply {
    const call = this.find(account, request);
    return call ? { status: 200, body: callResource(call) } : errorReply(errorOfStatus(404, request.path));
  }

  /** Ends a call. `canceled` leaves alone a call that was answered; one that was not is canceled by either word. */
  update(account: TwilioAccount, request: VendorRequest): VendorReply {
    const call = this.find(account, request);
    if (!call) return errorReply(errorOfStatus(404, request.path));
    const status = request.form.get('Status');
    if (status !== 'completed' && status !== 'canceled') {
      return errorReply({
        status: 400,
        code: 20001,
        message: 'Only Status=completed and Status=canceled are simulated',
      });
    }
    // https://www.twilio.com/docs/api/errors/21220
    if (isEnd(call.status)) {
      return errorReply({ status: 400, code: 21220, message: 'Call is not in-progress. Cannot redirect.' });
    }
    const isAnswered = call.status === 'in_progress';
    if (!isAnswered || status === 'completed') {
      void this.calls.end(call.id, { status: isAnswered ? 'completed' : 'canceled' });
    }
    return { status: 200, body: callResource(call) };
  }

  private find(account: TwilioAccount, { params }: VendorRequest): SimCall | undefined {
    const call = this.calls.find(params.call ?? '');
    return call?.account === account.sid ? call : undefined;
  }
}
