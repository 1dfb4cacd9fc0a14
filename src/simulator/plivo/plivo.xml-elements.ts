import { Understood } from '../core/call';
import { XmlElement } from '../core/xml';

/** Why a document is none; the number is Plivo's: https://www.plivo.com/docs/voice/troubleshooting/hangup-causes */
export class XmlFault extends Error {
  constructor(code: number, message: string) {
    super(`${code} ${message}`);
  }
}

type Step<Action extends Understood['action']> = Extract<Understood, { action: Action }>;

/** Attributes: `plivoxml.js` of Plivo's SDK, and https://www.plivo.com/docs/voice/xml/routing */
const STREAM = [
  ...['bidirectional', 'audioTrack', 'streamTimeout', 'statusCallbackUrl', 'statusCallbackMethod', 'contentType'],
  ...['extraHeaders', 'keepCallAlive'],
];
const DIAL = [
  ...['action', 'method', 'timeout', 'hangupOnStar', 'timeLimit', 'callerId', 'callerName', 'confirmSound'],
  ...['dialMusic', 'confirmKey', 'redirect', 'callbackUrl', 'callbackMethod', 'digitsMatch', 'digitsMatchBLeg'],
  ...['sipHeaders', 'confirmTimeout'],
];
const NUMBER = ['sendDigits', 'sendOnPreanswer', 'sendDigitsMode', 'callerId', 'callerName', 'sipHeaders'];
const USER = [
  ...['sendDigits', 'sendOnPreanswer', 'sipHeaders', 'callerId', 'callerName', 'sipAuthUsername', 'sipAuthPassword'],
];
const CONTENT_TYPES = ['audio/x-l16;rate=8000', 'audio/x-l16;rate=16000', 'audio/x-mulaw;rate=8000'];
/** Of the voices `WOMAN` and `MAN`: https://www.plivo.com/docs/voice/xml/audio-output */
const LANGUAGES = [
  ...['da-DK', 'nl-NL', 'en-AU', 'en-GB', 'en-US', 'fr-FR', 'fr-CA', 'de-DE', 'it-IT', 'pl-PL', 'pt-PT', 'pt-BR'],
  ...['ru-RU', 'es-ES', 'es-US', 'sv-SE'],
];
const MAX_HEADER_BYTES = 512;

/** The element, once it is sure to have no other attributes than those. */
export function checked(element: XmlElement, attributes: readonly string[]): XmlElement {
  const unknown = Object.keys(element.attributes).find((name) => !attributes.includes(name));
  if (unknown !== undefined) throw new XmlFault(8011, `<${element.name}> has no attribute "${unknown}"`);
  return element;
}

/**
 * A stream both ways that the rest of the document waits for. Any other is started beside the document and changes nothing
 * here. https://www.plivo.com/docs/voice/xml/audiostream
 */
export function understandStream(element: XmlElement): Step<'stream'> | null {
  const { attributes, text } = checked(element, STREAM);
  const { bidirectional = 'false', keepCallAlive = 'false', audioTrack = 'inbound', contentType } = attributes;
  // Plivo wants `wss:`; on one machine there is no certificate.
  if (!/^wss?:\/\/[^/]/.test(text) || !URL.canParse(text)) throw new XmlFault(8011, `"${text}" is no WebSocket URL`);
  if (contentType !== undefined && !CONTENT_TYPES.includes(contentType)) {
    throw new XmlFault(8011, `<Stream> has no content type "${contentType}"`);
  }
  if (bidirectional === 'true' && audioTrack !== 'inbound') {
    throw new XmlFault(8011, 'a stream both ways has the inbound track only');
  }
  const parameters = headersOf(attributes.extraHeaders ?? '');
  return bidirectional === 'true' && keepCallAlive === 'true' ? { action: 'stream', url: text, parameters } : null;
}

/** "Max length: 512 bytes. Only characters [A-Z], [a-z], [0-9] allowed": names and values, that is. */
function headersOf(text: string): Record<string, string> {
  if (text === '') return {};
  if (Buffer.byteLength(text) > MAX_HEADER_BYTES) throw new XmlFault(8011, 'extraHeaders has more than 512 bytes');
  const pairs = text.split(',').map((pair) => {
    const [, name, value] = /^([A-Za-z0-9]+)=([A-Za-z0-9]+)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new XmlFault(8011, `extraHeaders cannot hold "${pair}"`);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** One `<User>` or one `<Number>`; several at once are not simulated. */
export function understandDial(element: XmlElement): Step<'sip' | 'dial'> {
  const { callerId } = checked(element, DIAL).attributes;
  const [noun] = element.children;
  if (!noun || element.children.length > 1) throw new XmlFault(8011, '<Dial> has one <User> or one <Number> here');
  const caller = noun.attributes.callerId ?? callerId;
  const callerNumber = caller === undefined ? null : numberOf(caller, 'callerId');
  if (noun.name === 'User') {
    checked(noun, USER);
    if (!/^sips?:[^\s@<>"]+@[^\s@<>"]+$/i.test(noun.text)) throw new XmlFault(8011, `"${noun.text}" is no SIP URI`);
    return { action: 'sip', uri: noun.text, caller_id: callerNumber };
  }
  if (noun.name !== 'Number') throw new XmlFault(8011, `<Dial> has no <${noun.name}> inside`);
  return { action: 'dial', to: numberOf(checked(noun, NUMBER).text, 'number'), caller_id: callerNumber };
}

/** With country code; E.164 here, whether it came with `+` or without. */
function numberOf(text: string, what: string): string {
  const number = `+${text.replace(/^\+/, '')}`;
  if (!/^\+[1-9]\d{6,14}$/.test(number)) throw new XmlFault(8011, `"${text}" is no ${what}`);
  return number;
}

export function understandSpeak(element: XmlElement): Step<'say'> {
  const { voice = 'WOMAN', language = null } = checked(element, ['voice', 'language', 'loop']).attributes;
  const isPolly = /^Polly\.[A-Za-z]+$/.test(voice);
  if (!isPolly && !['WOMAN', 'MAN'].includes(voice)) throw new XmlFault(8011, `<Speak> has no voice "${voice}"`);
  if (element.children.length > 0) throw new XmlFault(8011, '<Speak> with markup inside is not simulated');
  if (element.text === '') throw new XmlFault(8011, '<Speak> has no text');
  if (!isPolly && language !== null && !LANGUAGES.includes(language)) {
    throw new XmlFault(8011, `<Speak> has no language "${language}"`);
  }
  return { action: 'say', text: element.text, language };
}
