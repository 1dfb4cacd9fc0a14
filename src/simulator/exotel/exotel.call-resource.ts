import { SimCall, SimCallStatus } from '../core/call';
import { nationalOf } from './exotel.number';
import { exotelTime } from './exotel.time';

/** The documented words; a cancelled call has none of its own. */
const STATUS: Readonly<Record<SimCallStatus, string>> = {
  queued: 'queued',
  ringing: 'ringing',
  in_progress: 'in-progress',
  completed: 'completed',
  busy: 'busy',
  no_answer: 'no-answer',
  failed: 'failed',
  canceled: 'failed',
};

export function exotelStatus(status: SimCallStatus): string {
  return STATUS[status];
}

/** Seconds of the conversation. */
export function conversationS({ answered_at: from, ended_at: to }: SimCall): number {
  return from === null || to === null ? 0 : Math.round((to - from) / 1000);
}

/** Exotel names the far end first in both directions: with a placed call `From` is who was dialled. */
export function partiesOf(call: SimCall): { readonly from: string; readonly to: string } {
  const [far, own] = call.direction === 'inbound' ? [call.from, call.to] : [call.to, call.from];
  return { from: nationalOf(far), to: nationalOf(own) };
}

/** `Call` of `GET Calls/{sid}`, with legs where they are asked for. */
export function callResource(call: SimCall, hasDetails: boolean): Record<string, unknown> {
  const { from, to } = partiesOf(call);
  const uri = `/v1/Accounts/${call.account}/Calls/${call.id}`;
  const resource = {
    Sid: call.id,
    ParentCallSid: null,
    DateCreated: exotelTime(call.started_at),
    DateUpdated: exotelTime(call.ended_at ?? call.answered_at ?? call.started_at),
    AccountSid: call.account,
    To: to,
    From: from,
    PhoneNumberSid: call.details.number_sid ?? to,
    Status: exotelStatus(call.status),
    StartTime: exotelTime(call.started_at),
    EndTime: exotelTime(call.ended_at),
    Duration: call.ended_at === null ? null : String(conversationS(call)),
    Price: null,
    Direction: call.direction === 'inbound' ? 'inbound' : 'outbound-api',
    AnsweredBy: null,
    ForwardedFrom: null,
    CallerName: null,
    Uri: uri,
    CustomField: call.details.custom_field ?? null,
    RecordingUrl: null,
  };
  if (!hasDetails) return resource;
  const leg = { Id: 1, OnCallDuration: conversationS(call) };
  const details = {
    ConversationDuration: conversationS(call),
    Leg1Status: exotelStatus(call.status),
    Leg2Status: null,
  };
  return { ...resource, Details: { ...details, Legs: [{ Leg: leg }] } };
}
