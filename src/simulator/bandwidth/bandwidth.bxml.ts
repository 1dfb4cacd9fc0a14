import { ReceivedAnswer, Understood } from '../core/call';
import { readXml, XmlElement } from '../core/xml';
import { ATTRIBUTES, UNSIMULATED_VERBS } from './bandwidth.verbs';

const MAX_BYTES = 64 * 1024;
const MAX_TRACK_STREAMS = 4;
const MAX_STREAM_PARAMS = 12;
const E164 = /^\+[1-9]\d{6,14}$/;
const HIDDEN_CALLERS = ['Restricted', 'Anonymous', 'Private', 'Unavailable'];

/** What has to be known of a call to tell what its document does. */
export interface BxmlCall {
  /** Not answered yet: the first verb may still reject it. */
  readonly isRinging: boolean;
}

interface Stream {
  readonly url: string;
  readonly isBidirectional: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

class InvalidBxml extends Error {}

/**
 * Executes a BXML document verb by verb, as far as nobody has to speak: https://dev.bandwidth.com/docs/voice/bxml.
 * "Improperly formed or invalid BXML will cause the call to fail."
 */
export function understandBxml(answer: ReceivedAnswer, call: BxmlCall): Understood {
  if (answer.status === 204) return ended(call);
  if (answer.status < 200 || answer.status > 299) return invalid(`callback-error: HTTP status ${answer.status}`);
  const type = answer.contentType.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/xml') return invalid(`the content type is ${type || 'missing'}, not application/xml`);
  if (Buffer.byteLength(answer.text) > MAX_BYTES) return invalid('the document is larger than 64 KB');
  const root = readXml(answer.text);
  if (!root) return invalid('the document is not well-formed XML');
  if (root.name !== 'Response' && root.name !== 'Bxml') return invalid(`the root is ${root.name}, not Response`);
  try {
    for (const verb of root.children) validate(verb);
    return execute(root.children, call);
  } catch (error) {
    if (error instanceof InvalidBxml) return invalid(error.message);
    throw error;
  }
}

function execute(verbs: readonly XmlElement[], call: BxmlCall): Understood {
  const streams = new Map<string, Stream>();
  const spoken: XmlElement[] = [];
  let isRinging = call.isRinging;
  for (const verb of verbs) {
    switch (verb.name) {
      case 'StartStream':
        start(verb, streams);
        break;
      case 'StopStream': {
        const stream = streams.get(verb.attributes.name ?? '');
        if (verb.attributes.wait === 'true' && stream) return connected(stream);
        streams.delete(verb.attributes.name ?? '');
        break;
      }
      case 'Pause': {
        // The stream lives on for as long as the pause keeps the call.
        const stream = [...streams.values()].find(({ isBidirectional }) => isBidirectional);
        if (stream) return connected(stream);
        break;
      }
      case 'SpeakSentence':
        spoken.push(verb);
        break;
      case 'Transfer':
        return transfer(verb);
      case 'Forward':
        if (!isRinging) throw new InvalidBxml('Forward is for calls that are not answered yet');
        return { action: 'dial', to: numberOf(verb.attributes.to, 'to'), caller_id: verb.attributes.from ?? null };
      case 'Hangup':
        return spoken.length > 0 ? said(spoken) : ended({ isRinging });
      case 'Ring':
      case 'Tag':
        break;
      default:
        throw new InvalidBxml(`${verb.name} is understood by Bandwidth, but not simulated`);
    }
    isRinging &&= verb.name === 'Tag' || (verb.name === 'Ring' && verb.attributes.answerCall === 'false');
  }
  // Whatever streams there are end with the document: StartStream does not block.
  return spoken.length > 0 ? said(spoken) : ended({ isRinging });
}

/** A Hangup before anything else, and an empty document too, rejects a call that is not answered. */
function ended({ isRinging }: BxmlCall): Understood {
  return isRinging ? { action: 'reject', reason: 'rejected' } : { action: 'hangup' };
}

function said(sentences: readonly XmlElement[]): Understood {
  const text = sentences.map((sentence) => sentence.text).join(' ');
  return { action: 'say', text, language: sentences[0]?.attributes.locale ?? null };
}

function connected({ url, parameters, isBidirectional }: Stream): Understood {
  // Bandwidth takes it, but an agent that cannot speak is nothing that anybody has meant.
  if (!isBidirectional) return invalid('the stream goes one way: its mode is not bidirectional');
  return { action: 'stream', url, parameters };
}

function start(verb: XmlElement, streams: Map<string, Stream>): void {
  const { destination, mode = 'unidirectional', tracks = 'inbound', name } = verb.attributes;
  if (!destination || !/^wss?:\/\//i.test(destination) || !URL.canParse(destination)) {
    throw new InvalidBxml('destination is not a WebSocket URL');
  }
  if (mode !== 'unidirectional' && mode !== 'bidirectional') throw new InvalidBxml(`mode ${mode} is unknown`);
  if (!['inbound', 'outbound', 'both'].includes(tracks)) throw new InvalidBxml(`tracks ${tracks} is unknown`);
  if (name !== undefined && streams.has(name)) throw new InvalidBxml(`there is a stream ${name} already`);
  if (verb.children.length > MAX_STREAM_PARAMS) throw new InvalidBxml(`more than ${MAX_STREAM_PARAMS} StreamParam`);
  const parameters: Record<string, string> = {};
  for (const { name: element, attributes } of verb.children) {
    if (element !== 'StreamParam') throw new InvalidBxml(`${element} is not allowed in StartStream`);
    const { name: key = '', value } = attributes;
    if (key === '' || key.length > 256) throw new InvalidBxml('name of a StreamParam wants 1 to 256 characters');
    if (value === undefined || value.length > 2048)
      throw new InvalidBxml(`value of ${key} wants up to 2048 characters`);
    parameters[key] = value;
  }
  streams.set(name ?? `unnamed ${streams.size}`, {
    url: destination,
    isBidirectional: mode === 'bidirectional',
    parameters,
  });
  if (streams.size > MAX_TRACK_STREAMS) throw new InvalidBxml(`more than ${MAX_TRACK_STREAMS} streams`);
}

function transfer(verb: XmlElement): Understood {
  const caller = verb.attributes.transferCallerId;
  if (caller && !E164.test(caller) && !HIDDEN_CALLERS.includes(caller)) {
    throw new InvalidBxml('transferCallerId is not E.164');
  }
  const [first] = verb.children;
  if (!first) throw new InvalidBxml('Transfer goes nowhere');
  for (const { name, text } of verb.children) {
    if (name === 'PhoneNumber') numberOf(text, 'PhoneNumber');
    else if (name !== 'SipUri') throw new InvalidBxml(`${name} is not allowed in Transfer`);
    else if (!/^sips?:\S+$/i.test(text)) throw new InvalidBxml('SipUri is not a SIP URI');
  }
  const caller_id = caller || null;
  return first.name === 'SipUri'
    ? { action: 'sip', uri: first.text, caller_id }
    : { action: 'dial', to: first.text, caller_id };
}

function validate(verb: XmlElement): void {
  if (UNSIMULATED_VERBS.includes(verb.name)) return;
  const allowed = ATTRIBUTES[verb.name];
  if (!allowed) throw new InvalidBxml(`there is no verb ${verb.name}`);
  const unknown = Object.keys(verb.attributes).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new InvalidBxml(`${verb.name} has no attribute ${unknown}`);
  if (verb.name === 'SpeakSentence') {
    if (verb.text === '') throw new InvalidBxml('SpeakSentence says nothing');
    return;
  }
  if (verb.name === 'Tag') return;
  if (verb.name === 'StopStream' && !verb.attributes.name) throw new InvalidBxml('StopStream wants a name');
  const isParent = verb.name === 'StartStream' || verb.name === 'Transfer';
  if (!isParent && (verb.children.length > 0 || verb.text !== '')) throw new InvalidBxml(`${verb.name} has no content`);
  if (isParent) for (const child of verb.children) validateChild(child);
  const duration = verb.attributes.duration;
  if (duration !== undefined && !(Number(duration) >= 0)) throw new InvalidBxml('duration is not a number of seconds');
  const wait = verb.attributes.wait;
  if (wait !== undefined && wait !== 'true' && wait !== 'false') throw new InvalidBxml('wait is not true or false');
}

function validateChild({ name, attributes }: XmlElement): void {
  const unknown = Object.keys(attributes).find((attribute) => !ATTRIBUTES[name]?.includes(attribute));
  if (unknown !== undefined) throw new InvalidBxml(`${name} has no attribute ${unknown}`);
}

function numberOf(text: string | undefined, where: string): string {
  if (!text || !E164.test(text)) throw new InvalidBxml(`${where} is not E.164`);
  return text;
}

function invalid(error: string): Understood {
  return { action: 'invalid', error };
}
