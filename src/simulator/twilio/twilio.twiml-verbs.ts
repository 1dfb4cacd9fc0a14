import { Understood } from '../core/call';
import { XmlElement } from '../core/xml';

/** Why a document is none; the number is Twilio's: https://www.twilio.com/docs/api/errors */
export class TwimlFault extends Error {
  constructor(code: number, message: string) {
    super(`${code} ${message}`);
  }
}

type Step<Action extends Understood['action']> = Extract<Understood, { action: Action }>;

const CONNECT = ['action', 'method'];
const STREAM = ['url', 'name', 'track', 'statusCallback', 'statusCallbackMethod'];
const CALLBACKS = ['url', 'method', 'statusCallback', 'statusCallbackEvent', 'statusCallbackMethod'];
const DIAL = [
  ...['action', 'answerOnBridge', 'callerId', 'hangupOnStar', 'method', 'record', 'recordingStatusCallback'],
  ...['recordingStatusCallbackEvent', 'recordingStatusCallbackMethod', 'recordingTrack', 'referMethod', 'referUrl'],
  ...['ringTone', 'sequential', 'timeLimit', 'timeout', 'trim'],
];
/** Name and value of one `<Parameter>`: https://www.twilio.com/docs/voice/twiml/stream#custom-parameters */
const MAX_PARAMETER_LENGTH = 499;
/** https://www.twilio.com/docs/voice/twiml/sip */
const MAX_SIP_LENGTH = 254;
/** https://www.twilio.com/docs/voice/twiml/say */
const MAX_SAY_BYTES = 4096;

/** The element, once it is sure to have no other attributes than those. */
export function checked(element: XmlElement, attributes: readonly string[]): XmlElement {
  const unknown = Object.keys(element.attributes).find((name) => !attributes.includes(name));
  if (unknown !== undefined) throw new TwimlFault(12200, `<${element.name}> has no attribute "${unknown}"`);
  return element;
}

/** Of what `<Connect>` can hold only a stream is simulated. */
export function understandConnect(verb: XmlElement): Step<'stream'> {
  const stream = onlyChild(checked(verb, CONNECT));
  if (stream.name !== 'Stream') throw new TwimlFault(12200, `<Connect> of a <${stream.name}> is not simulated`);
  const { url = '', track = 'inbound_track' } = checked(stream, STREAM).attributes;
  // Twilio wants `wss:`; on one machine there is no certificate.
  if (!/^wss?:\/\/[^/]/.test(url) || !URL.canParse(url)) throw new TwimlFault(31922, `"${url}" is no WebSocket URL`);
  if (track !== 'inbound_track') throw new TwimlFault(31941, 'a stream both ways has the inbound track only');
  return { action: 'stream', url: withoutQuery(url), parameters: parametersOf(stream) };
}

/** "The url does not support query string parameters": Twilio opens the WebSocket without them. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function parametersOf(stream: XmlElement): Record<string, string> {
  const pairs = stream.children.map((child) => {
    if (child.name !== 'Parameter') throw new TwimlFault(12200, `<Stream> has no <${child.name}> inside`);
    const { name, value } = checked(child, ['name', 'value']).attributes;
    if (!name || value === undefined) throw new TwimlFault(12200, '<Parameter> has a name and a value');
    if (name.length + value.length > MAX_PARAMETER_LENGTH)
      throw new TwimlFault(12200, `<Parameter> "${name}" is too long`);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** One `<Sip>`, one `<Number>`, or the number as text. */
export function understandDial(verb: XmlElement, callerIds: readonly string[]): Step<'sip' | 'dial'> {
  const { callerId = null } = checked(verb, DIAL).attributes;
  const noun = verb.children.length === 0 ? null : onlyChild(verb);
  if (noun?.name === 'Sip') {
    checked(noun, [...CALLBACKS, 'username', 'password']);
    return { action: 'sip', uri: sipUri(noun.text), caller_id: sipCallerId(callerId) };
  }
  if (noun && noun.name !== 'Number') throw new TwimlFault(12200, `<Dial> of a <${noun.name}> is not simulated`);
  const to = noun ? checked(noun, [...CALLBACKS, 'sendDigits']).text : verb.text;
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new TwimlFault(13224, `"${to}" is no E.164 number`);
  if (callerId !== null && !callerIds.includes(callerId))
    throw new TwimlFault(13214, 'the callerId is not the account’s');
  return { action: 'dial', to, caller_id: callerId };
}

function sipUri(text: string): string {
  const isUri = /^sips?:[^\s@<>"]+(@[^\s@<>"]+)?$/i.test(text) && text.length <= MAX_SIP_LENGTH;
  if (!isUri) throw new TwimlFault(13243, `"${text}" is no SIP URI under 255 characters`);
  return text;
}

/** "Any alphanumeric string", with `+-_.`: https://www.twilio.com/docs/voice/twiml/sip */
function sipCallerId(text: string | null): string | null {
  if (text !== null && !/^[A-Za-z0-9+\-_.]+$/.test(text)) throw new TwimlFault(13214, `"${text}" is no callerId`);
  return text;
}

export function understandSay(verb: XmlElement): Step<'say'> {
  const { language = null } = checked(verb, ['voice', 'language', 'loop']).attributes;
  if (verb.children.length > 0) throw new TwimlFault(12200, '<Say> with markup inside is not simulated');
  if (Buffer.byteLength(verb.text) > MAX_SAY_BYTES) throw new TwimlFault(12200, '<Say> has more than 4 kB of text');
  if (language !== null && !/^[a-z]{2,3}(-[A-Z]{2,3}){0,2}$/.test(language)) {
    throw new TwimlFault(12200, `<Say> has no language "${language}"`);
  }
  return { action: 'say', text: verb.text, language };
}

function onlyChild(element: XmlElement): XmlElement {
  const [child] = element.children;
  if (!child || element.children.length > 1) throw new TwimlFault(12200, `<${element.name}> has exactly one noun`);
  return child;
}
