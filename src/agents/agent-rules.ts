import { parseUrl } from '../common/parse-url';
import { assertUnreachable } from '../common/exhaustive';
import { isE164 } from '../common/e164';
import { Faults } from '../http/validation/faults';
import type { Agent, AgentConnect, AgentFallback } from './agent';
import type { UpdateAgentDto } from './dto/update-agent.dto';
import { MAX_LANGUAGE_LENGTH, MAX_SETTINGS_BYTES } from './limits';
import { isSipUri } from './sip-uri';

const UNPRINTABLE_OR_SPACE = /[\s\u0000-\u001f\u007f]/;

/** The members whose JSON is limited together, with the names that clients know them by. */
const SETTINGS = {
  voice: 'voice',
  speechToText: 'speech_to_text',
  llm: 'llm',
  configurations: 'configurations',
} as const satisfies Partial<Record<keyof Agent, string>>;
type SettingsMember = keyof typeof SETTINGS;

/** A fallback as given, before it is known whether its members go together. */
export interface FallbackMembers {
  readonly type: AgentFallback['type'];
  readonly to?: string;
  readonly text?: string;
}

export interface AgentRules {
  /** `http:` and `ws:` are as good as `https:` and `wss:`. */
  readonly allowPrivateUrls: boolean;
}

/**
 * The rules on an agent that take more than one member, or the configuration, to decide; each member by itself has been
 * validated before.
 * @throws AppError `VALIDATION_FAILED`, or `INVALID_PHONE_NUMBER_FORMAT` where nothing else is at fault
 */
export function checkAgent(dto: Partial<UpdateAgentDto>, rules: AgentRules): void {
  const faults = new Faults();
  if (dto.connect) checkConnect(dto.connect, rules, faults);
  if (dto.fallback) checkFallback(dto.fallback, faults);
  for (const member of ['webhook_url', 'inbound_webhook_url'] as const) {
    const url = dto[member];
    if (url && !rules.allowPrivateUrls && !/^https:/i.test(url)) {
      faults.invalid(member, 'must be a URL that starts with https:', url);
    }
  }
  if (dto.language && dto.language.length > MAX_LANGUAGE_LENGTH) {
    faults.invalid('language', `must have at most ${MAX_LANGUAGE_LENGTH} characters`, dto.language);
  }
  dto.webhook_events?.forEach((event, index, events) => {
    if (events.indexOf(event) !== index) faults.invalid(`webhook_events[${index}]`, 'is there twice', event);
  });
  if (dto.provider !== undefined && dto.phone_numbers === undefined) {
    faults.invalid('provider', 'is only of use with phone_numbers', dto.provider);
  }
  const error = faults.toError();
  if (error) throw error;
}

/**
 * @param agent what is to be stored
 * @param given the members of the request, which alone may be at fault
 * @throws AppError `VALIDATION_FAILED` when the four objects of settings are too large together
 */
export function checkSettingsSize(agent: Pick<Agent, SettingsMember>, given: object): void {
  const members = Object.keys(SETTINGS) as SettingsMember[];
  const bytes = members.reduce((sum, member) => sum + jsonBytes(agent[member]), 0);
  if (bytes <= MAX_SETTINGS_BYTES) return;
  const faults = new Faults();
  const names = Object.values(SETTINGS).join(', ');
  for (const member of members) {
    if (!(member in given)) continue;
    const what = `is too large: ${names} may hold ${MAX_SETTINGS_BYTES} bytes of JSON together, not ${bytes}`;
    faults.invalid(SETTINGS[member], what);
  }
  const error = faults.toError();
  if (error) throw error;
}

function jsonBytes(value: Agent[SettingsMember]): number {
  return value === null ? 0 : Buffer.byteLength(JSON.stringify(value));
}

/** Whether `url` goes with `type`. */
export function checkConnect({ type, url }: AgentConnect, { allowPrivateUrls }: AgentRules, faults: Faults): void {
  switch (type) {
    case 'websocket': {
      if (isWebSocketUrl(url, allowPrivateUrls)) return;
      const schemes = allowPrivateUrls ? 'wss: or ws:' : 'wss:';
      faults.invalid('connect.url', `must be a URL that starts with ${schemes} and has no fragment`, url);
      return;
    }
    case 'sip':
      checkSipUri(url, 'connect.url', faults);
      return;
    default:
      assertUnreachable(type);
  }
}

/** Whether `to` and `text` go with `type`. */
export function checkFallback({ type, to, text }: FallbackMembers, faults: Faults): void {
  const isMessage = type === 'message';
  const [wanted, other] = isMessage ? (['text', 'to'] as const) : (['to', 'text'] as const);
  const values = { to, text };
  if (values[wanted] === undefined) faults.invalid(`fallback.${wanted}`, `is required with ${type}`);
  if (values[other] !== undefined) faults.invalid(`fallback.${other}`, `does not go with ${type}`, values[other]);
  if (isMessage || to === undefined) return;
  if (type === 'sip') checkSipUri(to, 'fallback.to', faults);
  else if (!isE164(to)) faults.notE164('fallback.to', to);
}

function checkSipUri(value: string, field: string, faults: Faults): void {
  if (!isSipUri(value)) faults.invalid(field, 'must be a SIP URI that starts with sip: or sips:', value);
}

/** A fragment is not allowed in one: https://www.rfc-editor.org/rfc/rfc6455#section-3 */
function isWebSocketUrl(value: string, allowPlain: boolean): boolean {
  if (UNPRINTABLE_OR_SPACE.test(value) || value.includes('#')) return false;
  const protocol = parseUrl(value)?.protocol;
  return protocol === 'wss:' || (allowPlain && protocol === 'ws:');
}
