import { type AnswerReader, BYTES, demand, demandWebSocketUrl, type Said, UTF16_UNITS } from './answer-reader';
import { jsonOf, membersOf, onlyItem, textOf } from './json-reading';

/** https://developer.vonage.com/en/voice/voice-api/ncco-reference */
export const nccoReader: AnswerReader = {
  read(document) {
    const actions = jsonOf(document);
    if (Array.isArray(actions) && actions.length === 0) return { verb: 'hangup' };
    const action = onlyItem(actions);
    const { action: name } = action as { action: unknown };
    return name === 'talk' ? talkOf(action) : connectOf(action);
  },
  holds: (text) => text.toWellFormed(),
  maxBytes: null,
  text: { most: 1_500, measure: UTF16_UNITS },
  instead: { reject: ['hangup'] },
};

function talkOf(action: unknown): Said {
  const { text } = membersOf(action, 'action', 'text', 'language');
  return { verb: 'say', text: heard(textOf(text)) };
}

/** A text that is one `speak` element is markup. */
function heard(text: string): string {
  const [, marked] = /^<speak>([^<>]*)<\/speak>$/.exec(text) ?? [];
  if (marked === undefined) {
    demand(!/^\s*<speak/i.test(text), 'a text that would be read as markup');
    return text;
  }
  return marked.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function connectOf(action: unknown): Said {
  const { action: name, endpoint, from } = membersOf(action, 'action', 'endpoint', 'from');
  demand(name === 'connect', 'neither talk nor connect');
  const callerId = from === undefined ? null : textOf(from);
  const party = membersOf(onlyItem(endpoint), 'type', 'uri', 'content-type', 'headers', 'number');
  switch (party.type) {
    case 'websocket':
      return streamOf(party);
    case 'sip':
      return { verb: 'sip', uri: textOf(party.uri), callerId };
    default:
      demand(party.type === 'phone' && /^\d+$/.test(textOf(party.number)), 'no endpoint');
      return { verb: 'dial', to: textOf(party.number), callerId };
  }
}

/** https://developer.vonage.com/en/voice/voice-api/concepts/websockets */
function streamOf(party: Readonly<Record<string, unknown>>): Said {
  const url = textOf(party.uri);
  demandWebSocketUrl(url);
  demand(/^audio\/l16;rate=(?:8000|16000)$/.test(textOf(party['content-type'])), 'no audio');
  const headers = Object.entries((party.headers ?? {}) as Record<string, string>);
  demand(BYTES(JSON.stringify(party.headers ?? {})) <= 512, 'headers of more than 512 bytes');
  return { verb: 'stream', url, parameters: headers };
}
