import { type AnswerReader, demand, demandWebSocketUrl, type Said } from './answer-reader';
import { jsonOf, membersOf, textOf } from './json-reading';

/**
 * What the dynamic URLs of applets are answered: https://developer.exotel.com/docs/agentstream/stream-voicebot-applet and
 * https://docs.exotel.com/voice-apis/programmable-connect-working-with-connect-applet-dynamic-url
 */
export const exotelReader: AnswerReader = {
  read(document) {
    if (document.contentType.startsWith('text/plain')) return { verb: 'say', text: document.body.toWellFormed() };
    const answer = membersOf(jsonOf(document), 'url', 'fetch_after_attempt', 'destination', 'outgoing_phone_number');
    return answer.url === undefined ? connectOf(answer) : streamOf(answer.url);
  },
  holds: (text) => text.toWellFormed(),
  maxBytes: null,
  text: null,
  query: { pairs: 3, characters: 256 },
  // Exotel dials a trunk of the account, and no other SIP address.
  instead: { sip: ['sip', 'hangup'], reject: ['hangup'] },
};

function streamOf(given: unknown): Said {
  const url = textOf(given);
  demandWebSocketUrl(url);
  return { verb: 'stream', url, parameters: [] };
}

function connectOf(answer: Readonly<Record<string, unknown>>): Said {
  const { numbers, trunk } = membersOf(answer.destination, 'numbers', 'trunk');
  const callerId = answer.outgoing_phone_number === undefined ? null : textOf(answer.outgoing_phone_number);
  if (trunk !== undefined) return { verb: 'sip', uri: `sip:${textOf(trunk)}`, callerId };
  demand(Array.isArray(numbers) && numbers.length <= 1, 'no list of numbers');
  return numbers.length === 0 ? { verb: 'hangup' } : { verb: 'dial', to: textOf(numbers[0]), callerId };
}
