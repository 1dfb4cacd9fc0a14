import type { Answer, AnswerDocument } from '../../contract/answer';
import { cutText } from '../../support/cut-text';
import { element, xmlDocument, type XmlElement, xmlText } from '../../support/xml';

/** "You may specify up to 12 <StreamParam/> elements": https://dev.bandwidth.com/docs/voice/programmable-voice/bxml/startStream/ */
const MOST_PARAMETERS = 12;
const LONGEST_NAME = 256;
const LONGEST_VALUE = 2048;
/** A document may have 64 KB; no character takes more than five bytes in XML. */
const LONGEST_TEXT = 10_000;
const STREAM = 'agent';

/**
 * By the beginning of a language, the longest first.
 * Source: https://dev.bandwidth.com/docs/voice/programmable-voice/bxml/speakSentence/
 */
const LOCALES: readonly (readonly [language: string, locale: string])[] = [
  ['en-gb', 'en_UK'],
  ['es-mx', 'es_MX'],
  ['en', 'en_US'],
  ['de', 'de'],
  ['es', 'es'],
  ['fr', 'fr'],
  ['it', 'it'],
];

/**
 * BXML. `StartStream` does not block, and a call ends with its document: `StopStream` waits for as long as the agent
 * keeps the stream. `Hangup` as the first verb rejects a call that is not answered; there is no verb for "busy".
 * Source: https://dev.bandwidth.com/docs/voice/programmable-voice/bxml
 */
export function renderAnswer(answer: Answer): AnswerDocument {
  return { contentType: 'application/xml', body: xmlDocument(element('Response', {}, ...verbs(answer))) };
}

function verbs(answer: Answer): XmlElement[] {
  switch (answer.kind) {
    case 'stream':
      return [
        element(
          'StartStream',
          { name: STREAM, mode: 'bidirectional', tracks: 'inbound', destination: answer.url },
          ...parameters(answer.parameters),
        ),
        element('StopStream', { name: STREAM, wait: 'true' }),
      ];
    case 'sip':
      return [transfer(answer.callerId, element('SipUri', {}, answer.uri))];
    case 'dial':
      return [transfer(answer.callerId, element('PhoneNumber', {}, answer.to))];
    case 'say':
      return [...speech(answer.text, answer.language), element('Hangup')];
    case 'reject':
      return [element('Hangup')];
  }
}

/** Too long a name is left out, since cut it would be another one. */
function parameters(given: Readonly<Record<string, string>>): XmlElement[] {
  return Object.entries(given)
    .map(([name, value]) => [xmlText(name), value] as const)
    .filter(([name]) => name !== '' && name.length <= LONGEST_NAME)
    .slice(0, MOST_PARAMETERS)
    .map(([name, value]) => element('StreamParam', { name, value: cutText(value, LONGEST_VALUE) }));
}

function transfer(callerId: string | null, to: XmlElement): XmlElement {
  return element('Transfer', { transferCallerId: callerId ?? undefined }, to);
}

/** Blank text is not allowed; an unknown language is spoken by the default voice, which is better than no call. */
function speech(text: string, language: string | null): XmlElement[] {
  const spoken = cutText(xmlText(text), LONGEST_TEXT);
  if (spoken.trim() === '') return [];
  const [, locale] = LOCALES.find(([start]) => language?.toLowerCase().startsWith(start)) ?? [];
  return [element('SpeakSentence', { locale }, spoken)];
}
