import { ReceivedAnswer, Understood } from '../core/call';
import { isHttpUrl, isRecord } from './vonage.application';

type Action = Readonly<Record<string, unknown>>;

/** Bytes of a WebSocket's `headers`: https://developer.vonage.com/en/voice/voice-api/concepts/websockets */
const MAX_HEADERS = 512;
/** Characters of `talk`: https://developer.vonage.com/en/voice/voice-api/ncco-reference#talk */
const MAX_TEXT = 1500;
const ACTIONS = ['record', 'conversation', 'connect', 'talk', 'stream', 'input', 'notify', 'wait'];
const CONTENT_TYPES = ['audio/l16;rate=8000', 'audio/l16;rate=16000'];

class Fault extends Error {}

/**
 * What Vonage makes of an NCCO. A call is connected to the first endpoint that it names; else its first text is spoken. An
 * empty one answers the call and ends it, as all do once their actions are through.
 * https://developer.vonage.com/en/voice/voice-api/ncco-reference
 */
export function understandNcco({ status, contentType, text }: ReceivedAnswer): Understood {
  try {
    if (status !== 200) throw new Fault(`HTTP ${status}`);
    if (!/^application\/json\b/i.test(contentType)) throw new Fault(`content type ${contentType || 'missing'}`);
    const outcomes = actionsOf(text).map(outcomeOf);
    const connected = outcomes.find((outcome) => outcome && outcome.action !== 'say');
    return connected ?? outcomes.find((outcome) => outcome !== undefined) ?? { action: 'hangup' };
  } catch (error) {
    if (error instanceof Fault) return { action: 'invalid', error: error.message };
    throw error;
  }
}

function actionsOf(text: string): Action[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Fault('the NCCO is no JSON');
  }
  if (!Array.isArray(document)) throw new Fault('the NCCO is no array');
  return document.map((action: unknown) => {
    if (!isRecord(action)) throw new Fault('an action is no object');
    if (!ACTIONS.some((name) => name === action.action)) throw new Fault(`no action ${String(action.action)}`);
    return action;
  });
}

function outcomeOf(action: Action): Understood | undefined {
  if (action.action === 'connect') return connect(action);
  return action.action === 'talk' ? talk(action) : undefined;
}

function talk({ text, language, style, premium }: Action): Understood {
  if (typeof text !== 'string' || text === '') throw new Fault('talk needs a text');
  if ([...text.replace(/<[^>]*>/g, '')].length > MAX_TEXT)
    throw new Fault(`text is longer than ${MAX_TEXT} characters`);
  if (language !== undefined && typeof language !== 'string') throw new Fault('language must be a string');
  if (style !== undefined && !Number.isInteger(style)) throw new Fault('style must be an integer');
  if (premium !== undefined && typeof premium !== 'boolean') throw new Fault('premium must be a boolean');
  return { action: 'say', text, language: language ?? null };
}

function connect({ endpoint, from, eventUrl, eventMethod, timeout }: Action): Understood {
  const endpoints: unknown[] = Array.isArray(endpoint) ? endpoint : [];
  const [target] = endpoints;
  if (endpoints.length !== 1 || !isRecord(target)) throw new Fault('connect needs exactly one endpoint, in an array');
  if (from !== undefined && !isMsisdn(from)) throw new Fault('from must be a number without +');
  if (eventUrl !== undefined && !isUrlList(eventUrl)) throw new Fault('eventUrl must be an array of one URL');
  if (eventMethod !== undefined && eventMethod !== 'GET' && eventMethod !== 'POST') {
    throw new Fault('eventMethod must be GET or POST');
  }
  if (timeout !== undefined && !Number.isInteger(timeout)) throw new Fault('timeout must be an integer');
  return connected(target, typeof from === 'string' ? `+${from}` : null);
}

function connected(endpoint: Action, callerId: string | null): Understood {
  const { type, uri, number } = endpoint;
  switch (type) {
    case 'websocket':
      return stream(endpoint);
    case 'sip':
      if (typeof uri !== 'string' || !/^sips?:[^\s]+$/i.test(uri)) throw new Fault('uri must be a SIP URI');
      headersOf(endpoint);
      return { action: 'sip', uri, caller_id: callerId };
    case 'phone':
      if (!isMsisdn(number)) throw new Fault('number must be a number without +');
      return { action: 'dial', to: `+${number}`, caller_id: callerId };
    default:
      throw new Fault(`no endpoint ${String(type)} is simulated`);
  }
}

/** `ws:` is what tests on one machine have; Vonage's own examples use it too. */
function stream(endpoint: Action): Understood {
  const { uri, 'content-type': contentType } = endpoint;
  if (typeof uri !== 'string' || !/^wss?:\/\//i.test(uri) || !URL.canParse(uri)) {
    throw new Fault('uri must be a WebSocket URL');
  }
  if (!CONTENT_TYPES.some((known) => known === contentType)) throw new Fault('content-type is not supported');
  const headers = headersOf(endpoint);
  const bytes = Buffer.byteLength(JSON.stringify(headers));
  if (bytes > MAX_HEADERS) throw new Fault(`headers have ${bytes} bytes, more than ${MAX_HEADERS}`);
  const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const parameters = Object.entries(headers).map(([name, value]): [string, string] => [name, written(value)]);
  return { action: 'stream', url: uri, parameters: Object.fromEntries(parameters) };
}

function headersOf({ headers }: Action): Action {
  if (headers !== undefined && !isRecord(headers)) throw new Fault('headers must be an object');
  return headers ?? {};
}

export function isMsisdn(value: unknown): value is string {
  return typeof value === 'string' && /^\d{7,15}$/.test(value);
}

export function isUrlList(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' && isHttpUrl(value[0]);
}
