import type { Answer, AnswerDocument, AnswerRenderer, StreamAnswer } from '../../contract/answer';
import { element, type XmlElement, xmlDocument, xmlText } from '../../support/xml';
import type { TelnyxCredentials } from './telnyx.credentials';

/** Characters that Telnyx speaks at once: `payload` in https://developers.telnyx.com/api-reference/call-commands/speak-text */
const LONGEST_TEXT = 3_000;

/** TeXML: https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs */
export const telnyxAnswer: AnswerRenderer<TelnyxCredentials> = {
  render(answer: Answer): AnswerDocument {
    return { contentType: 'application/xml', body: xmlDocument(element('Response', {}, ...verbsOf(answer))) };
  },
};

function verbsOf(answer: Answer): XmlElement[] {
  switch (answer.kind) {
    case 'stream':
      return [element('Connect', {}, streamOf(answer))];
    case 'sip':
      return [element('Dial', callerOf(answer.callerId), element('Sip', {}, answer.uri))];
    case 'dial':
      return [element('Dial', callerOf(answer.callerId), element('Number', {}, answer.to))];
    case 'say':
      return [...sayOf(answer.text, answer.language), element('Hangup')];
    case 'reject':
      return [element('Reject', { reason: answer.reason })];
  }
}

/** Without a mode, what the agent sends back would have to be MP3. */
function streamOf({ url, parameters }: StreamAnswer): XmlElement {
  const children = Object.entries(parameters).map(([name, value]) => element('Parameter', { name, value }));
  return element('Stream', { url, bidirectionalMode: 'rtp', bidirectionalCodec: 'PCMU' }, ...children);
}

/** Only the voice `alice` heeds a language; the default voice speaks American English. A blank text is no speech. */
function sayOf(text: string, language: string | null): XmlElement[] {
  const voice = language === null ? {} : { voice: 'alice', language };
  const spoken = [...xmlText(text)].slice(0, LONGEST_TEXT).join('');
  return spoken.trim() === '' ? [] : [element('Say', voice, spoken)];
}

function callerOf(callerId: string | null): Record<string, string | undefined> {
  return { callerId: callerId ?? undefined };
}
