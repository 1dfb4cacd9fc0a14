import { ReceivedAnswer, Understood } from '../core/call';
import { childOf, readXml, XmlElement } from '../core/xml';

type Decision = Exclude<Understood, { action: 'invalid' }>;

class TexmlFault extends Error {}

const TRACKS = ['inbound_track', 'outbound_track', 'both_tracks'];
const MODES = ['mp3', 'rtp'];
const CODECS = ['default', 'PCMU', 'PCMA', 'G722', 'OPUS', 'AMR-WB', 'L16'];
const SAMPLING_RATES = ['8000', '16000', '22050', '24000', '48000'];
const STREAM_ATTRIBUTES = [
  'url',
  'track',
  'name',
  'codec',
  'bidirectionalMode',
  'bidirectionalCodec',
  'bidirectionalSamplingRate',
  'statusCallback',
  'statusCallbackMethod',
];
const DIAL_ATTRIBUTES = ['callerId', 'timeout', 'timeLimit', 'action', 'method', 'hangupOnStar', 'record', 'ringTone'];
const NOUN_ATTRIBUTES = ['statusCallback', 'statusCallbackMethod', 'statusCallbackEvent', 'url', 'method'];

/**
 * What Telnyx does with the answer to a voice request, read strictly, so that nobody relies on a misspelling: attributes
 * and verbs that are unknown, or that cannot be acted out here, make the document invalid.
 * https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs
 */
export function understandTexml(answer: ReceivedAnswer): Understood {
  try {
    return followed(verbsOf(answer));
  } catch (error) {
    if (error instanceof TexmlFault) return { action: 'invalid', error: error.message };
    throw error;
  }
}

function verbsOf({ status, contentType, text }: ReceivedAnswer): readonly XmlElement[] {
  if (status < 200 || status > 299) throw new TexmlFault(`the answer is HTTP ${status}`);
  if (!/^(application|text)\/xml\s*(;|$)/i.test(contentType)) {
    throw new TexmlFault(`the content type is "${contentType}"`);
  }
  const root = readXml(text);
  if (root?.name !== 'Response') throw new TexmlFault('the answer is no XML document with <Response> at its root');
  return root.children;
}

/** Verb by verb, until one decides over the call; what was said before does not count then. At the end Telnyx hangs up. */
function followed(verbs: readonly XmlElement[]): Decision {
  const decided = verbs.map(understandVerb);
  const [deciding] = decided.filter((step) => step !== null && step.action !== 'say' && step.action !== 'hangup');
  const [first] = decided.filter((step) => step !== null);
  return deciding ?? first ?? { action: 'hangup' };
}

/** `null` for what decides nothing. */
function understandVerb(verb: XmlElement, position: number): Decision | null {
  switch (verb.name) {
    case 'Connect':
      return understandConnect(verb);
    case 'Dial':
      return understandDial(verb);
    case 'Say':
      return understandSay(verb);
    case 'Pause':
      known(verb, ['length']);
      return null;
    case 'Hangup':
      known(verb, []);
      return { action: 'hangup' };
    case 'Reject':
      return understandReject(verb, position);
    default:
      throw new TexmlFault(`there is no verb <${verb.name}>, or none that is simulated`);
  }
}

function understandConnect(verb: XmlElement): Decision {
  known(verb, ['action', 'method']);
  const stream = childOf(verb, 'Stream');
  if (!stream || verb.children.length !== 1) throw new TexmlFault('<Connect> holds no single <Stream>');
  known(stream, STREAM_ATTRIBUTES);
  const {
    url = '',
    track,
    codec,
    bidirectionalMode,
    bidirectionalCodec,
    bidirectionalSamplingRate,
  } = stream.attributes;
  if (!/^wss?:\/\//i.test(url) || !URL.canParse(url)) throw new TexmlFault(`the stream's URL is "${url}"`);
  among(TRACKS, track, 'track');
  among(CODECS, codec, 'codec');
  among(MODES, bidirectionalMode, 'bidirectionalMode');
  among(CODECS, bidirectionalCodec, 'bidirectionalCodec');
  among(SAMPLING_RATES, bidirectionalSamplingRate, 'bidirectionalSamplingRate');
  return { action: 'stream', url, parameters: Object.fromEntries(stream.children.map(parameterOf)) };
}

function parameterOf(child: XmlElement): [string, string] {
  if (child.name !== 'Parameter') throw new TexmlFault(`<Stream> holds no <${child.name}>`);
  known(child, ['name', 'value']);
  const { name, value } = child.attributes;
  if (!name || value === undefined) throw new TexmlFault('<Parameter> lacks a name or a value');
  return [name, value];
}

function understandDial(verb: XmlElement): Decision {
  known(verb, DIAL_ATTRIBUTES);
  const callerId = verb.attributes.callerId ?? null;
  if (verb.children.length > 1) throw new TexmlFault('<Dial> with several targets is not simulated');
  const [noun] = verb.children;
  if (noun) known(noun, NOUN_ATTRIBUTES);
  if (noun?.name === 'Sip') {
    if (!/^sips?:\S+$/i.test(noun.text)) throw new TexmlFault(`the SIP URI is "${noun.text}"`);
    return { action: 'sip', uri: noun.text, caller_id: callerId };
  }
  if (noun && noun.name !== 'Number') throw new TexmlFault(`<Dial> holds no <${noun.name}>, or none that is simulated`);
  const to = (noun ?? verb).text;
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new TexmlFault(`the number to dial is "${to}"`);
  return { action: 'dial', to, caller_id: callerId };
}

function understandSay(verb: XmlElement): Decision {
  known(verb, ['voice', 'language', 'loop']);
  if (verb.children.length > 0) throw new TexmlFault('markup inside <Say> is not simulated');
  if (verb.text === '') throw new TexmlFault('<Say> says nothing');
  return { action: 'say', text: verb.text, language: verb.attributes.language ?? null };
}

/** Only as the first verb it keeps the call from being answered; later it hangs up. */
function understandReject(verb: XmlElement, position: number): Decision {
  known(verb, ['reason']);
  const { reason = 'rejected' } = verb.attributes;
  among(['rejected', 'busy'], reason, 'reason');
  if (verb.children.length > 0) throw new TexmlFault('<Reject> holds nothing');
  return position === 0 ? { action: 'reject', reason } : { action: 'hangup' };
}

function known({ name, attributes }: XmlElement, names: readonly string[]): void {
  const unknown = Object.keys(attributes).find((attribute) => !names.includes(attribute));
  if (unknown !== undefined) throw new TexmlFault(`<${name}> has no attribute "${unknown}"`);
}

function among(choices: readonly string[], value: string | undefined, name: string): void {
  if (value !== undefined && !choices.includes(value)) throw new TexmlFault(`${name} is "${value}"`);
}
