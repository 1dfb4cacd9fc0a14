import { ReceivedAnswer, Understood } from '../core/call';
import { readXml, XmlElement } from '../core/xml';
import { checked, TwimlFault, understandConnect, understandDial, understandSay } from './twilio.twiml-verbs';

/** https://www.twilio.com/docs/api/errors/11750 */
const MAX_BYTES = 64 * 1024;

/**
 * What Twilio does with the answer to a voice request (https://www.twilio.com/docs/voice/twiml), read strictly: verbs
 * and attributes that Twilio only warns of make the document invalid here, so that nobody relies on a misspelling, and
 * so do verbs that this simulator cannot act out. Redirects are not followed.
 * @param callerIds the numbers that a call to a phone may show
 */
export function understandTwiml(answer: ReceivedAnswer, callerIds: readonly string[]): Understood {
  try {
    return followed(responseOf(answer).children, callerIds);
  } catch (error) {
    if (error instanceof TwimlFault) return { action: 'invalid', error: error.message };
    throw error;
  }
}

function responseOf({ status, contentType, text }: ReceivedAnswer): XmlElement {
  if (status < 200 || status > 299) throw new TwimlFault(11200, `the answer is HTTP ${status}`);
  if (!/^(text|application)\/xml\s*(;|$)/i.test(contentType)) {
    throw new TwimlFault(12300, `the content type is "${contentType}"`);
  }
  if (Buffer.byteLength(text) > MAX_BYTES) throw new TwimlFault(11750, 'the answer is larger than 64 kB');
  const root = /^\s+<\?xml/.test(text) ? undefined : readXml(text);
  if (root?.name !== 'Response')
    throw new TwimlFault(12100, 'the answer is no XML document with <Response> at its root');
  return checked(root, []);
}

/** Verb by verb, until one of them decides over the call; behind the last one the call is hung up. */
function followed(verbs: readonly XmlElement[], callerIds: readonly string[]): Understood {
  const decided = verbs.map((verb, position) => understandVerb(verb, position, callerIds));
  const said = decided.filter((step) => step?.action === 'say');
  const [deciding] = decided.filter((step) => step !== null && step.action !== 'say');
  if (deciding) return deciding;
  const [first] = said;
  if (!first) return { action: 'hangup' };
  return { ...first, text: said.map(({ text }) => text).join(' ') };
}

/** `null` for what changes nothing. */
function understandVerb(
  verb: XmlElement,
  position: number,
  callerIds: readonly string[],
): Exclude<Understood, { action: 'invalid' }> | null {
  switch (verb.name) {
    case 'Connect':
      return understandConnect(verb);
    case 'Dial':
      return understandDial(verb, callerIds);
    case 'Say':
      return understandSay(verb);
    case 'Pause':
      checked(verb, ['length']);
      return null;
    case 'Hangup':
      checked(verb, []);
      return { action: 'hangup' };
    case 'Reject':
      return understandReject(verb, position);
    default:
      throw new TwimlFault(12200, `there is no verb <${verb.name}>, or none that is simulated`);
  }
}

function understandReject(verb: XmlElement, position: number): Understood & { action: 'reject' } {
  const { reason = 'rejected' } = checked(verb, ['reason']).attributes;
  if (position > 0) throw new TwimlFault(12200, '<Reject> is not the first verb');
  if (verb.children.length > 0) throw new TwimlFault(12200, '<Reject> has nothing inside');
  if (!['rejected', 'busy'].includes(reason)) throw new TwimlFault(12200, `<Reject> has no reason "${reason}"`);
  return { action: 'reject', reason };
}
