import { SimCall } from '../core/call';
import { statusWord } from './twilio.call-status';
import { TwilioError } from './twilio.errors';

/** `StartTime<` and its like are whole names of parameters: a client writes `StartTime<=2009-07-06`. */
export const CALL_FILTERS = [
  'To',
  'From',
  'ParentCallSid',
  'Status',
  'StartTime',
  'StartTime<',
  'StartTime>',
  'EndTime',
  'EndTime<',
  'EndTime>',
] as const;
const DAY_MS = 86_400_000;

type Test = (call: SimCall) => boolean;

/**
 * Which calls of a list are asked for. Times are days, as documented, or moments, as Twilio's SDKs send them; a call that
 * has not started, or has not ended, is in no span of time.
 * https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources
 */
export function callFilter(query: URLSearchParams): { test: Test } | { error: TwilioError } {
  const tests: Test[] = [];
  for (const name of CALL_FILTERS) {
    const value = query.get(name);
    const test = value ? testOf(name, value) : () => true;
    // How a date that is none is refused is not documented.
    if (!test) return { error: { status: 400, code: 20001, message: `${name} is not a valid date` } };
    tests.push(test);
  }
  return { test: (call) => tests.every((test) => test(call)) };
}

function testOf(name: (typeof CALL_FILTERS)[number], value: string): Test | null {
  if (name === 'To') return (call) => call.to === value;
  if (name === 'From') return (call) => call.from === value;
  if (name === 'Status') return (call) => statusWord(call) === value;
  // No call here was made by another.
  return name === 'ParentCallSid' ? () => false : timeTest(name, value);
}

function timeTest(name: string, value: string): Test | null {
  const given = Date.parse(value);
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/.test(value) || Number.isNaN(given)) return null;
  const timeOf = name.startsWith('Start') ? startedAt : (call: SimCall) => call.ended_at;
  const day = given - (given % DAY_MS);
  const isAt = (time: number): boolean => {
    if (name.endsWith('<')) return time <= given;
    return name.endsWith('>') ? time >= given : time >= day && time < day + DAY_MS;
  };
  return (call) => {
    const time = timeOf(call);
    return time !== null && isAt(time);
  };
}

/** As the call is shown: nothing while it is queued. */
export function startedAt(call: SimCall): number | null {
  return call.status === 'queued' ? null : (call.answered_at ?? call.started_at);
}
