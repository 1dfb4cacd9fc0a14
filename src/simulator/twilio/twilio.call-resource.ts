import { SimCall } from '../core/call';
import { startedAt } from './twilio.call-filter';
import { directionWord, isEnd, secondsOf, statusWord } from './twilio.call-status';
import { defaultFriendlyName, rfc2822 } from './twilio.number';

const SUBRESOURCES = {
  events: 'Events',
  notifications: 'Notifications',
  payments: 'Payments',
  recordings: 'Recordings',
  siprec: 'Siprec',
  streams: 'Streams',
  transcriptions: 'Transcriptions',
  user_defined_message_subscriptions: 'UserDefinedMessageSubscriptions',
  user_defined_messages: 'UserDefinedMessages',
} as const;

/** A call as the API shows it: https://www.twilio.com/docs/voice/api/call-resource#call-properties */
export function callResource(call: SimCall): Record<string, unknown> {
  const base = `/2010-04-01/Accounts/${call.account}/Calls/${call.id}`;
  const start = startedAt(call);
  return {
    sid: call.id,
    account_sid: call.account,
    annotation: null,
    answered_by: null,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: rfc2822(call.started_at),
    date_updated: rfc2822(call.ended_at ?? call.answered_at ?? call.started_at),
    direction: directionWord(call),
    duration: isEnd(call.status) ? String(secondsOf(call)) : null,
    end_time: call.ended_at === null ? null : rfc2822(call.ended_at),
    forwarded_from: null,
    from: call.from,
    from_formatted: defaultFriendlyName(call.from),
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: call.details.phone_number_sid ?? null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    start_time: start === null ? null : rfc2822(start),
    status: statusWord(call),
    subresource_uris: Object.fromEntries(
      Object.entries(SUBRESOURCES).map(([name, path]) => [name, `${base}/${path}.json`]),
    ),
    to: call.to,
    to_formatted: defaultFriendlyName(call.to),
    trunk_sid: null,
    uri: `${base}.json`,
  };
}
