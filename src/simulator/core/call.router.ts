import { CallBook, CallEnd } from './call-book';
import { SIM_CALL_ENDS } from './call';
import { choiceOf, e164Of, integerOf, recordOf, textOf } from './input';
import { VendorReply, VendorRequest, VendorRoute } from './vendor';

const LONGEST_CALL_S = 86_400;

/** What a test or a demo may do with a vendor's calls, below `/_sim/{vendor}`. */
export function callRoutes(calls: CallBook): VendorRoute[] {
  return [
    { method: 'post', path: '/call', effect: 'read', handle: ({ json }) => receive(calls, json) },
    { method: 'get', path: '/calls', effect: 'read', handle: () => ok({ calls: calls.list() }) },
    { method: 'delete', path: '/calls', effect: 'read', handle: () => cleared(calls) },
    { method: 'get', path: '/calls/:id', effect: 'read', handle: (request) => read(calls, request) },
    { method: 'post', path: '/calls/:id/end', effect: 'read', handle: (request) => end(calls, request) },
    { method: 'post', path: '/outcome', effect: 'read', handle: ({ json }) => setOutcome(calls, json) },
  ];
}

async function receive(calls: CallBook, input: unknown): Promise<VendorReply> {
  const given = recordOf(input, 'call', ['from', 'to', 'end']);
  const from = textOf(given.from, 'from');
  const to = e164Of(given.to, 'to');
  const ending = given.end === undefined ? undefined : callEnd(given.end, 'end');
  const call = await calls.receive(from, to);
  const isUnderWay = call.status === 'ringing' || call.status === 'in_progress';
  return ok(ending && isUnderWay ? await calls.end(call.id, ending) : call);
}

function read(calls: CallBook, { params }: VendorRequest): VendorReply {
  const call = calls.find(params.id ?? '');
  return call ? ok(call) : { status: 404, body: { error: 'there is no such call' } };
}

async function end(calls: CallBook, { params, json }: VendorRequest): Promise<VendorReply> {
  return ok(await calls.end(params.id ?? '', callEnd(json ?? {}, 'end')));
}

function setOutcome(calls: CallBook, input: unknown): VendorReply {
  const given = recordOf(input, 'outcome', ['to', 'status']);
  const status = given.status === null ? null : choiceOf(given.status, SIM_CALL_ENDS, 'status');
  calls.setOutcome(e164Of(given.to, 'to'), status);
  return { status: 204, body: undefined };
}

function cleared(calls: CallBook): VendorReply {
  calls.clear();
  return { status: 204, body: undefined };
}

function callEnd(input: unknown, where: string): CallEnd {
  const given = recordOf(input, where, ['status', 'duration_s']);
  const { duration_s: duration } = given;
  return {
    status: given.status === undefined ? 'completed' : choiceOf(given.status, SIM_CALL_ENDS, `${where}.status`),
    ...(duration === undefined ? {} : { duration_s: integerOf(duration, 0, LONGEST_CALL_S, `${where}.duration_s`) }),
  };
}

function ok(body: unknown): VendorReply {
  return { status: 200, body };
}
