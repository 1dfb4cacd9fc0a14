import { SimCall } from '../core/call';
import { secondsOf, statusWord } from './telnyx.call-protocol';

/** A call as the routes of TeXML show it: https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-a-call */
export function callResource(call: SimCall): Record<string, unknown> {
  const rfc2822 = (ms: number) => new Date(ms).toUTCString().replace('GMT', '+0000');
  return {
    account_sid: call.account,
    sid: call.id,
    direction: call.direction,
    from: call.from,
    to: call.to,
    status: shownStatus(call),
    duration: String(secondsOf(call)),
    date_created: rfc2822(call.started_at),
    date_updated: rfc2822(call.ended_at ?? call.answered_at ?? call.started_at),
    start_time: rfc2822(call.started_at),
    end_time: call.ended_at === null ? null : rfc2822(call.ended_at),
    uri: `/v2/texml/Accounts/${call.account}/Calls/${call.id}.json`,
  };
}

/** `queued` is no word of these routes. */
export function shownStatus({ status }: SimCall): string {
  return status === 'queued' ? 'ringing' : statusWord(status);
}
