import { randomUUID } from 'node:crypto';
import { CallBook } from '../core/call-book';
import { SIM_CALL_ENDS, SimCall } from '../core/call';
import { VendorReply, VendorRequest } from '../core/vendor';
import { isRecord, voiceWebhook } from './vonage.application';
import { FoundApplication, statusWord, summary, times, wireParty } from './vonage.call';
import { InvalidParameter, voiceError } from './vonage.errors';
import { isMsisdn, isUrlList } from './vonage.ncco';

type Json = Readonly<Record<string, unknown>>;

const HOST = 'https://api.nexmo.com';
const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;
/** What changes nothing that a simulated call has. */
const SILENT_ACTIONS = ['mute', 'unmute', 'earmuff', 'unearmuff'];

/**
 * `v1/calls` of the Voice API: https://developer.vonage.com/en/api/voice
 * Transferring a call, playing into it and DTMF are missing.
 */
export class VonageCallApi {
  constructor(private readonly calls: CallBook) {}

  create({ account, application }: FoundApplication, { json }: VendorRequest): VendorReply {
    if (!isRecord(json)) return voiceError(400);
    const faults = callFaults(json, voiceWebhook(application, 'event_url') !== undefined);
    if (faults.length > 0) return voiceError(400, faults);
    const uuid = randomUUID();
    const conversation = `CON-${randomUUID()}`;
    this.calls.place({
      id: uuid,
      account: account.apiKey,
      from: callerOf(json) ?? 'unknown',
      to: partyOf(json) ?? '',
      details: { ...detailsOf(json), application_id: application.id, conversation_uuid: conversation },
    });
    return {
      status: 201,
      body: { uuid, status: 'started', direction: 'outbound', conversation_uuid: conversation },
    };
  }

  read(of: FoundApplication, request: VendorRequest): VendorReply {
    const call = this.find(of, request);
    return call ? { status: 200, body: resource(call) } : voiceError(404);
  }

  list({ application }: FoundApplication, { query }: VendorRequest): VendorReply {
    const size = Number(query.get('page_size') ?? DEFAULT_PAGE_SIZE);
    const start = Number(query.get('record_index') ?? 0);
    if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE || !Number.isInteger(start) || start < 0) {
      return voiceError(400);
    }
    const [from, until] = [timeOf(query.get('date_start')), timeOf(query.get('date_end'))];
    if (Number.isNaN(from) || Number.isNaN(until)) return voiceError(400);
    const status = query.get('status');
    const conversation = query.get('conversation_uuid');
    const calls = this.calls
      .list()
      .filter((call) => call.details.application_id === application.id)
      .filter(({ started_at: at }) => (from === null || at >= from) && (until === null || at <= until))
      .filter((call) => status === null || statusWord(call.status) === status)
      .filter((call) => conversation === null || call.details.conversation_uuid === conversation);
    if (query.get('order') === 'desc') calls.reverse();
    const next = start + size < calls.length;
    const link = (index: number) => `/v1/calls?page_size=${size}&record_index=${index}`;
    return {
      status: 200,
      body: {
        count: calls.length,
        page_size: size,
        record_index: start,
        // The SDK parses the next one as a whole URL, the documentation shows the other as a path.
        _links: { self: { href: link(start) }, next: next ? { href: HOST + link(start + size) } : undefined },
        _embedded: { calls: calls.slice(start, start + size).map(resource) },
      },
    };
  }

  update(of: FoundApplication, request: VendorRequest): VendorReply {
    const call = this.find(of, request);
    // A call that is over cannot be changed any more: 404.
    if (!call || SIM_CALL_ENDS.some((end) => end === call.status)) return voiceError(404);
    const action = isRecord(request.json) ? request.json.action : undefined;
    if (action === 'hangup') {
      void this.calls.end(call.id, { status: hasBegun(call) ? 'completed' : 'canceled' });
    } else if (!SILENT_ACTIONS.some((name) => name === action)) {
      return voiceError(400, [{ name: 'action', reason: 'Invalid type parameter provided' }]);
    }
    return { status: 204, body: undefined };
  }

  private find({ application }: FoundApplication, { params }: VendorRequest): SimCall | undefined {
    const call = this.calls.find(params.uuid ?? '');
    return call?.details.application_id === application.id ? call : undefined;
  }
}

function hasBegun(call: SimCall): boolean {
  return call.direction === 'inbound' || call.answered_at !== null;
}

/** Vonage's numbers are without `+`, and most URLs in lists of one. */
function callFaults(body: Json, hasEventUrl: boolean): InvalidParameter[] {
  const faults: InvalidParameter[] = [];
  const demand = (isRight: boolean, name: string) => {
    if (!isRight) faults.push({ name, reason: 'Invalid type parameter provided' });
  };
  const isMethod = (value: unknown) => value === undefined || value === 'GET' || value === 'POST';
  const isWithin = (value: unknown, max: number) =>
    value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max);
  demand(partyOf(body) !== undefined, 'to');
  demand(body.random_from_number === true ? body.from === undefined : callerOf(body) !== undefined, 'from');
  demand((body.ncco === undefined) !== (body.answer_url === undefined), 'answer_url');
  demand(body.ncco === undefined || Array.isArray(body.ncco), 'ncco');
  demand(body.answer_url === undefined || isUrlList(body.answer_url), 'answer_url');
  demand(body.event_url === undefined ? hasEventUrl : isUrlList(body.event_url), 'event_url');
  demand(isMethod(body.answer_method), 'answer_method');
  demand(isMethod(body.event_method), 'event_method');
  demand(isWithin(body.length_timer, 7200), 'length_timer');
  demand(isWithin(body.ringing_timer, 120), 'ringing_timer');
  return faults;
}

function detailsOf(body: Json): SimCall['details'] {
  const [answerUrl] = isUrlList(body.answer_url) ? body.answer_url : [];
  const [eventUrl] = isUrlList(body.event_url) ? body.event_url : [];
  const details = {
    answer_url: answerUrl,
    answer_method: body.answer_method === 'POST' ? 'POST' : 'GET',
    event_url: eventUrl,
    event_method: body.event_method === 'GET' ? 'GET' : 'POST',
    ncco: body.ncco === undefined ? undefined : JSON.stringify(body.ncco),
  };
  const given = Object.entries(details).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

/** The one party to call: E.164 where it is a phone. */
function partyOf({ to }: Json): string | undefined {
  const parties: unknown[] = Array.isArray(to) ? to : [];
  const [party] = parties;
  if (parties.length !== 1 || !isRecord(party)) return undefined;
  if (party.type === 'phone') return isMsisdn(party.number) ? `+${party.number}` : undefined;
  const isOther = party.type === 'sip' || party.type === 'websocket';
  return isOther && typeof party.uri === 'string' && party.uri !== '' ? party.uri : undefined;
}

function callerOf({ from }: Json): string | undefined {
  return isRecord(from) && from.type === 'phone' && isMsisdn(from.number) ? `+${from.number}` : undefined;
}

/** Its figures are only there once it is completed. */
function resource(call: SimCall): Json {
  const party = (value: string) => ({ type: 'phone', number: wireParty(value) });
  const figures = call.status === 'completed' ? { network: '23410', ...summary(call), ...times(call, spaced) } : {};
  return {
    _links: { self: { href: `/v1/calls/${call.id}` } },
    uuid: call.id,
    conversation_uuid: call.details.conversation_uuid,
    to: party(call.to),
    from: party(call.from),
    status: statusWord(call.status),
    direction: call.direction,
    ...figures,
  };
}

/** Unix milliseconds of an RFC 3339 time; NaN where it is none. */
function timeOf(text: string | null): number | null {
  if (text === null) return null;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}

/** `2020-01-01 12:00:00`, in UTC. */
function spaced(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ');
}
