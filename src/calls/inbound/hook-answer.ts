import { isId } from '../../common/ids';
import { isRecord, type JsonRecord } from '../../providers/support/json';
import type { WebhookFault } from '../../webhooks/webhook-reply';

/**
 * Why an agent's server was not followed.
 * - `bad_status`: it answered anything but 2xx
 * - `bad_json`, `bad_answer`: what it answered is no JSON, or not as documented
 * - `too_long`: more than was read
 * - `no_secret`: the question could not be signed
 */
export type HookFault = WebhookFault | 'bad_status' | 'bad_json' | 'bad_answer' | 'too_long' | 'no_secret';

/** What is to become of a call, as the agent's server wants it. */
export type HookVerdict =
  /** As without the hook; `fault` is `null` where that is what the server wants. */
  | { readonly kind: 'normal'; readonly fault: HookFault | null }
  | {
      readonly kind: 'connect';
      /** An identifier of the right form, of an agent that may not exist; `null` = the agent that was asked. */
      readonly agentId: string | null;
      /** For the stream, besides what it is told of every call. */
      readonly variables: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reject'; readonly reason: 'busy' | 'rejected' };

const NO_CONTENT = 204;
const MAX_VARIABLES = 50;
const MAX_VALUE_LENGTH = 1_024;
const NAME = /^[A-Za-z0-9_]{1,64}$/;
/** The stream is told of these by us; the last would not be a name like any other in code that copies them. */
const RESERVED: ReadonlySet<string> = new Set(['call_id', 'agent_id', 'from', 'to', '__proto__']);

const AS_USUAL: HookVerdict = { kind: 'normal', fault: null };
const BAD_ANSWER = fault('bad_answer');

export function fault(word: HookFault): HookVerdict {
  return { kind: 'normal', fault: word };
}

/** @param text the whole body */
export function readHookAnswer(statusCode: number, text: string): HookVerdict {
  if (statusCode < 200 || statusCode > 299) return fault('bad_status');
  if (statusCode === NO_CONTENT) return AS_USUAL;
  const answer = parsed(text);
  if (answer === undefined) return fault('bad_json');
  if (!isRecord(answer)) return BAD_ANSWER;
  switch (answer.action) {
    case undefined:
      return Object.keys(answer).length === 0 ? AS_USUAL : BAD_ANSWER;
    case 'connect':
      return hasOnly(answer, 'action', 'agent_id', 'variables') ? readConnect(answer) : BAD_ANSWER;
    case 'reject':
      return hasOnly(answer, 'action', 'reason') ? readReject(answer) : BAD_ANSWER;
    default:
      return BAD_ANSWER;
  }
}

/** `undefined` for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A misspelt member must not pass for one that was left out. */
function hasOnly(answer: JsonRecord, ...members: string[]): boolean {
  return Object.keys(answer).every((member) => members.includes(member));
}

function readConnect({ agent_id: agentId = null, variables = null }: JsonRecord): HookVerdict {
  if (agentId !== null && !(typeof agentId === 'string' && isId('agent', agentId))) return BAD_ANSWER;
  const texts = variables === null ? {} : readVariables(variables);
  return texts ? { kind: 'connect', agentId, variables: texts } : BAD_ANSWER;
}

function readReject({ reason }: JsonRecord): HookVerdict {
  switch (reason) {
    case undefined:
    case null:
    case 'rejected':
      return { kind: 'reject', reason: 'rejected' };
    case 'busy':
      return { kind: 'reject', reason: 'busy' };
    default:
      return BAD_ANSWER;
  }
}

/** `null` where any of them is not as documented. */
function readVariables(variables: unknown): Record<string, string> | null {
  if (!isRecord(variables)) return null;
  const entries = Object.entries(variables);
  if (entries.length > MAX_VARIABLES) return null;
  const texts: Record<string, string> = {};
  for (const [name, value] of entries) {
    const text = textOf(value);
    if (text === null || !NAME.test(name) || RESERVED.has(name)) return null;
    texts[name] = text;
  }
  return texts;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'boolean') return String(value);
  // JSON's 1e999 is read as Infinity.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return typeof value === 'string' && value.length <= MAX_VALUE_LENGTH ? value : null;
}
