import type { Answer, AnswerRenderer, StreamAnswer } from '../../contract/answer';
import { digitsOf } from '../../support/phone-format';
import { withQuery } from '../../support/with-query';
import { element, type XmlElement, xmlDocument, xmlText } from '../../support/xml';
import type { PlivoCredentials } from './plivo.credentials';
import { plivoVoice } from './plivo.voice';

/** Of `extraHeaders`, in bytes: https://docs.plivo.com/docs/voice/xml/audiostream */
const MAX_HEADERS = 512;
/** What the voices that have a limit can speak: https://www.plivo.com/docs/voice/concepts/ssml/ */
const MAX_SPOKEN = 3000;

/** Plivo XML. Source: https://www.plivo.com/docs/voice/xml */
export const plivoAnswer: AnswerRenderer<PlivoCredentials> = {
  render: (answer) => ({
    contentType: 'application/xml',
    body: xmlDocument(element('Response', {}, verbOf(answer))),
  }),
};

function verbOf(answer: Answer): XmlElement {
  switch (answer.kind) {
    case 'stream':
      return streamOf(answer);
    case 'sip':
      return dial(answer.callerId, element('User', {}, answer.uri));
    case 'dial':
      return dial(answer.callerId, element('Number', {}, digitsOf(answer.to)));
    case 'say':
      return speak(answer.text, answer.language);
    case 'reject':
      // Only as the first element does it leave the call unanswered.
      return element('Hangup', { reason: answer.reason });
  }
}

/** Without `keepCallAlive` Plivo would go on to the end of the document, which hangs up. */
function streamOf({ url, parameters }: StreamAnswer): XmlElement {
  const attributes = {
    bidirectional: 'true',
    keepCallAlive: 'true',
    contentType: 'audio/x-mulaw;rate=8000',
    extraHeaders: extraHeaders(parameters) || undefined,
  };
  return element('Stream', attributes, withQuery(url, parameters));
}

/**
 * What fits of `name=value,name=value`: Plivo allows letters and digits alone and 512 bytes together. Whether it drops the
 * rest or the stream is not known, so nothing else is sent; the URL carries everything.
 */
function extraHeaders(parameters: StreamAnswer['parameters']): string {
  return Object.entries(parameters)
    .filter((pair) => pair.every((text) => /^[A-Za-z0-9]+$/.test(text)))
    .reduce((headers, [name, value]) => {
      const longer = `${headers}${headers && ','}${name}=${value}`;
      return longer.length > MAX_HEADERS ? headers : longer;
    }, '');
}

function dial(callerId: string | null, party: XmlElement): XmlElement {
  return element('Dial', { callerId: callerId === null ? undefined : digitsOf(callerId) }, party);
}

function speak(text: string, language: string | null): XmlElement {
  const spoken = [...xmlText(text)].slice(0, MAX_SPOKEN).join('');
  // An empty element would be a fault in the document.
  return spoken.trim() === '' ? element('Hangup') : element('Speak', { ...plivoVoice(language) }, spoken);
}
