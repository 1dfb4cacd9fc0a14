import type { Answer, AnswerContext, AnswerDocument, AnswerRenderer } from '../../contract/answer';
import { indianTrunkForm } from '../../support/indian-number';
import { digitsOf } from '../../support/phone-format';
import { element, type XmlElement, xmlDocument } from '../../support/xml';
import type { OzonetellCredentials } from './ozonetell.credentials';

/** The languages that KooKoo speaks, by the first part of a BCP 47 tag. */
const LANGUAGES: ReadonlyMap<string, string> = new Map(
  ['en', 'hi', 'te', 'ta', 'ml', 'kn', 'mr', 'gu', 'bn'].map((language) => [language, `${language}-IN`]),
);
const NOT_CONNECTED = 'Sorry, this call cannot be connected.';

/**
 * KooKoo XML. The call is answered before the document is asked for, so a rejected one is hung up.
 * Sources: https://cpaas.ozonetel.com/index.php/kookoo-docs and, for `stream`, https://github.com/anoopk405/kookoo-voicebot
 */
export const ozonetellAnswer: AnswerRenderer<OzonetellCredentials> = {
  render(answer: Answer, { credentials }: AnswerContext<OzonetellCredentials>): AnswerDocument {
    return { contentType: 'text/xml', body: xmlDocument(element('response', {}, ...tunes(answer, credentials))) };
  },
};

function tunes(answer: Answer, { sip_extension: extension }: OzonetellCredentials): XmlElement[] {
  switch (answer.kind) {
    case 'stream': {
      if (!extension) return spoken(NOT_CONNECTED, 'en');
      const uui = JSON.stringify(answer.parameters);
      return [element('stream', { is_sip: 'true', url: answer.url, 'x-uui': uui }, extension)];
    }
    case 'dial':
      return [element('dial', {}, indianTrunkForm(answer.to) ?? digitsOf(answer.to))];
    // KooKoo documents no way to dial a SIP address.
    case 'sip':
      return spoken(NOT_CONNECTED, 'en');
    case 'say':
      return spoken(answer.text, answer.language);
    case 'reject':
      return [element('hangup')];
  }
}

function spoken(text: string, language: string | null): XmlElement[] {
  const [primary = ''] = (language ?? '').toLowerCase().split('-', 1);
  const attributes = { lang: LANGUAGES.get(primary), quality: 'best', type: 'ggl' };
  return [element('playtext', attributes, text), element('hangup')];
}
