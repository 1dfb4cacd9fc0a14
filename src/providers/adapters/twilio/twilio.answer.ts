import type { Answer, AnswerDocument, AnswerRenderer, StreamAnswer } from '../../contract/answer';
import { element, type XmlElement, xmlDocument, xmlText } from '../../support/xml';
import type { TwilioCredentials } from './twilio.credentials';
import { sayLanguage } from './twilio.say-language';

/** "Limited to 4KB (4,000 ASCII characters)": https://www.twilio.com/docs/voice/twiml/say#nouns */
const MAX_SAY_BYTES = 4000;
/** Name and value together must be under 500: https://www.twilio.com/docs/voice/twiml/stream#custom-parameters */
const MAX_PARAMETER_LENGTH = 499;

/** TwiML: https://www.twilio.com/docs/voice/twiml. A call is hung up behind the last verb. */
export const twilioAnswer: AnswerRenderer<TwilioCredentials> = {
  render: (answer): AnswerDocument => ({
    contentType: 'text/xml; charset=utf-8',
    body: xmlDocument(element('Response', {}, verb(answer))),
  }),
};

function verb(answer: Answer): XmlElement {
  switch (answer.kind) {
    case 'stream':
      return element('Connect', {}, stream(answer));
    case 'sip':
      return dial(answer.callerId, element('Sip', {}, answer.uri));
    case 'dial':
      return dial(answer.callerId, element('Number', {}, answer.to));
    case 'say':
      return say(answer.text, answer.language);
    case 'reject':
      return element('Reject', { reason: answer.reason });
  }
}

/** With `answerOnBridge` the caller hears it ring, and is not answered where the far end is not. */
function dial(callerId: string | null, noun: XmlElement): XmlElement {
  return element('Dial', { answerOnBridge: 'true', callerId: callerId ?? undefined }, noun);
}

function say(text: string, language: string | null): XmlElement {
  return element(
    'Say',
    { language: language === null ? undefined : sayLanguage(language) },
    cut(xmlText(text), MAX_SAY_BYTES),
  );
}

/**
 * Twilio opens the WebSocket without the query of its URL, so what the query says goes along as parameters; of two with
 * one name the call's own counts, and of those in the query the last.
 */
function stream({ url, parameters }: StreamAnswer): XmlElement {
  const [, address, query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  const all = { ...Object.fromEntries(new URLSearchParams(query)), ...parameters };
  return element('Stream', { url: address }, ...Object.entries(all).map(parameter));
}

function parameter([given, value]: readonly [string, string]): XmlElement | undefined {
  const name = xmlText(given);
  const room = MAX_PARAMETER_LENGTH - name.length;
  if (name === '' || room < 0) return undefined;
  return element('Parameter', { name, value: value.slice(0, room) });
}

/** As much of the text as fits, in whole characters. */
function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8').subarray(0, maxBytes);
  // As a stream, since that holds back a last character that is not complete.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
