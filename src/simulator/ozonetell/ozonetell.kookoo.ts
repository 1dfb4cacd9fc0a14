import { ReceivedAnswer, Understood } from '../core/call';
import { readXml, XmlElement } from '../core/xml';
import { dialledE164 } from './ozonetell.account';

const CONTENT_TYPES = ['text/xml', 'application/xml'];
/** Known, but the call would go on in ways that are not followed here. */
const UNSIMULATED = ['cctransfer', 'gotourl', 'collectdtmf', 'playaudio', 'record', 'recordtrack', 'conference'];

/** What the document may count on. */
export interface KooKooAccount {
  readonly extensions: readonly string[];
  /** Whether the extension has a stream to spare: more than three calls are a SIP 486, and no WebSocket is opened. */
  hasRoom(extension: string): boolean;
}

export interface UnderstoodKooKoo {
  readonly understood: Understood;
  /** That a stream occupies. */
  readonly extension: string | null;
}

/**
 * Reads a KooKoo document as far as nobody has to speak. There is no published grammar: this follows the examples that
 * clients which are known to work send, and refuses what none of them does.
 */
export function understandKooKoo(answer: ReceivedAnswer, account: KooKooAccount): UnderstoodKooKoo {
  if (answer.status !== 200) return invalid(`the HTTP status is ${answer.status}`);
  const type = answer.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!CONTENT_TYPES.includes(type)) return invalid(`the content type is ${type || 'missing'}, not text/xml`);
  const root = readXml(answer.text);
  if (!root) return invalid('the document is not well-formed XML');
  if (root.name !== 'response') return invalid(`the root is ${root.name}, not response`);
  return execute(root.children, account);
}

function execute(verbs: readonly XmlElement[], account: KooKooAccount): UnderstoodKooKoo {
  const spoken: XmlElement[] = [];
  for (const verb of verbs) {
    switch (verb.name) {
      case 'start-record':
        break;
      case 'playtext':
        if (verb.text === '') return invalid('playtext says nothing');
        spoken.push(verb);
        break;
      case 'stream':
        return stream(verb, account);
      case 'dial':
        return dial(verb);
      case 'hangup':
        return { understood: spoken.length > 0 ? said(spoken) : { action: 'hangup' }, extension: null };
      default:
        return UNSIMULATED.includes(verb.name)
          ? invalid(`${verb.name} is understood by KooKoo, but not simulated`)
          : invalid(`there is no element ${verb.name}`);
    }
  }
  return invalid('the document ends, and the call is left without another one');
}

function stream(verb: XmlElement, account: KooKooAccount): UnderstoodKooKoo {
  const { url = '', is_sip: isSip, 'x-uui': uui } = verb.attributes;
  if (isSip !== 'true') return invalid('stream without is_sip="true"');
  if (!/^wss?:\/\//i.test(url) || !URL.canParse(url)) return invalid('url of stream is not a WebSocket URL');
  if (!account.extensions.includes(verb.text)) return invalid('stream names no SIP extension of the account');
  const parameters = uui === undefined ? {} : parametersOf(uui);
  if (!parameters) return invalid('x-uui is not a JSON object');
  if (!account.hasRoom(verb.text)) return { understood: { action: 'reject', reason: 'busy' }, extension: null };
  return { understood: { action: 'stream', url, parameters }, extension: verb.text };
}

function dial(verb: XmlElement): UnderstoodKooKoo {
  const to = dialledE164(verb.text);
  if (to === undefined) return invalid('dial wants digits, and no plus sign');
  return { understood: { action: 'dial', to, caller_id: null }, extension: null };
}

function said(texts: readonly XmlElement[]): Understood {
  const text = texts.map((each) => each.text).join(' ');
  return { action: 'say', text, language: texts[0]?.attributes.lang ?? null };
}

/** What comes back in the start message of the WebSocket as `x_headers`. */
function parametersOf(uui: string): Record<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(uui);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    return Object.fromEntries(
      Object.entries(parsed).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
  } catch {
    return undefined;
  }
}

function invalid(error: string): UnderstoodKooKoo {
  return { understood: { action: 'invalid', error }, extension: null };
}
