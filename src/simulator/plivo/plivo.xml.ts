import { ReceivedAnswer, Understood } from '../core/call';
import { readXml, XmlElement } from '../core/xml';
import { checked, understandDial, understandSpeak, understandStream, XmlFault } from './plivo.xml-elements';

/** "The maximum allowed size of the XML document … is 100 Kb": https://www.plivo.com/docs/voice/xml/request */
const MAX_BYTES = 100 * 1024;

/**
 * What Plivo does with the answer to a voice request (https://www.plivo.com/docs/voice/xml/overview), read strictly: what
 * becomes of elements and attributes that are not documented is not documented, so they make the document invalid here, and
 * so do elements that this simulator cannot act out.
 * @param isAnswered whether the call was answered before, as calls through the API are
 */
export function understandPlivoXml(answer: ReceivedAnswer, isAnswered: boolean): Understood {
  try {
    return followed(responseOf(answer).children, isAnswered);
  } catch (error) {
    if (error instanceof XmlFault) return { action: 'invalid', error: error.message };
    throw error;
  }
}

function responseOf({ status, contentType, text }: ReceivedAnswer): XmlElement {
  if (status < 200 || status > 299) throw new XmlFault(7011, `the answer is HTTP ${status}`);
  if (!/^(text|application)\/xml\s*(;|$)/i.test(contentType)) {
    throw new XmlFault(8011, `the content type is "${contentType}"`);
  }
  if (Buffer.byteLength(text) > MAX_BYTES) throw new XmlFault(8011, 'the answer is larger than 100 kB');
  const root = /^\s+<\?xml/.test(text) ? undefined : readXml(text);
  if (root?.name !== 'Response') throw new XmlFault(8011, 'the answer is no XML document with <Response> at its root');
  return checked(root, []);
}

/** Element by element, until one of them decides over the call; behind the last one the call is hung up. */
function followed(elements: readonly XmlElement[], isAnswered: boolean): Understood {
  const steps = elements.map((element, position) => understandElement(element, isAnswered || position > 0));
  const deciding = steps.find((step) => step !== null && step.action !== 'say');
  const spoken = steps.filter((step) => step?.action === 'say');
  const [first] = spoken;
  const isSaid = first && (deciding === undefined || deciding?.action === 'hangup');
  if (isSaid) return { ...first, text: spoken.map(({ text }) => text).join(' ') };
  return deciding ?? { action: 'hangup' };
}

/** `null` for what changes nothing. */
function understandElement(
  element: XmlElement,
  isAnswered: boolean,
): Exclude<Understood, { action: 'invalid' }> | null {
  switch (element.name) {
    case 'Stream':
      return understandStream(element);
    case 'Dial':
      return understandDial(element);
    case 'Speak':
      return understandSpeak(element);
    case 'Wait':
      checked(element, ['length', 'silence', 'min_silence', 'minSilence', 'beep']);
      return null;
    case 'Hangup':
      return understandHangup(element, isAnswered);
    default:
      throw new XmlFault(8011, `there is no element <${element.name}>, or none that is simulated`);
  }
}

/** As the first element of an unanswered call it rejects the call, by default with a tone of rejection. */
function understandHangup(
  element: XmlElement,
  isAnswered: boolean,
): Extract<Understood, { action: 'reject' | 'hangup' }> {
  const { reason = 'rejected' } = checked(element, ['reason']).attributes;
  if (!['rejected', 'busy'].includes(reason)) throw new XmlFault(8011, `<Hangup> has no reason "${reason}"`);
  return isAnswered ? { action: 'hangup' } : { action: 'reject', reason };
}
