import type { Answer, AnswerDocument, StreamAnswer } from '../../contract/answer';
import { cutText } from '../../support/cut-text';
import { digitsOf } from '../../support/phone-format';
import { withQuery } from '../../support/with-query';
import { vonageLanguage } from './vonage.languages';

/** The better of the two forms of audio: signed 16-bit samples, 640 bytes every 20 ms. */
const AUDIO = 'audio/l16;rate=16000';
/** Of all headers together, written as JSON. */
const MAX_HEADER_BYTES = 512;
const MAX_TEXT = 1500;

/**
 * An NCCO. The call ends when its actions are over.
 * Sources: https://developer.vonage.com/en/voice/voice-api/ncco-reference and
 * https://developer.vonage.com/en/voice/voice-api/concepts/websockets
 */
export function renderVonageAnswer(answer: Answer): AnswerDocument {
  return { contentType: 'application/json', body: JSON.stringify(actions(answer)) };
}

function actions(answer: Answer): readonly unknown[] {
  switch (answer.kind) {
    case 'stream':
      return [{ action: 'connect', endpoint: [websocket(answer)] }];
    case 'sip':
      return [{ action: 'connect', endpoint: [{ type: 'sip', uri: answer.uri }], ...caller(answer.callerId) }];
    case 'dial':
      return [
        { action: 'connect', endpoint: [{ type: 'phone', number: digitsOf(answer.to) }], ...caller(answer.callerId) },
      ];
    case 'say':
      return [{ action: 'talk', text: spoken(answer.text), ...language(answer.language) }];
    case 'reject':
      // No action refuses a call, so it is left without any and ends.
      return [];
  }
}

/**
 * Parameters become headers, which Vonage hands over in the first message, while they fit into its limit; from the first
 * that does not, they go into the query of the URL instead.
 */
function websocket({ url, parameters }: StreamAnswer): Record<string, unknown> {
  const all = Object.entries(parameters).map(wellFormed);
  const isTooMuch = (count: number) => bytesOf(Object.fromEntries(all.slice(0, count))) > MAX_HEADER_BYTES;
  const tooMuch = all.findIndex((_parameter, index) => isTooMuch(index + 1));
  const count = tooMuch < 0 ? all.length : tooMuch;
  return {
    type: 'websocket',
    uri: withQuery(url, Object.fromEntries(all.slice(count))),
    'content-type': AUDIO,
    ...(count > 0 && { headers: Object.fromEntries(all.slice(0, count)) }),
  };
}

/** JSON can hold half a character, but not everybody who reads it. */
function wellFormed([name, value]: [string, string]): [string, string] {
  return [name.toWellFormed(), value.toWellFormed()];
}

function bytesOf(headers: Record<string, string>): number {
  return Buffer.byteLength(JSON.stringify(headers), 'utf8');
}

function caller(callerId: string | null): { from?: string } {
  return callerId === null ? {} : { from: digitsOf(callerId) };
}

/** Vonage takes a text that is one `speak` element for markup; such a text is wrapped, so that it is read as it is. */
function spoken(text: string): string {
  const cut = cutText(text.toWellFormed(), MAX_TEXT);
  if (!/^\s*<speak/i.test(cut)) return cut;
  return `<speak>${cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</speak>`;
}

function language(asked: string | null): { language?: string } {
  const known = asked === null ? null : vonageLanguage(asked);
  return known === null ? {} : { language: known };
}
