import { ExotelAccount } from './exotel.account';
import { ExotelError, invalid } from './exotel.errors';
import { e164From, ExotelNumber } from './exotel.number';
import { streamFault } from './exotel.stream-url';

export const CALL_EVENTS = ['ringing', 'answered', 'terminal'] as const;

/** A call that `POST Calls/connect` asks for. */
export interface ConnectRequest {
  readonly exoPhone: ExotelNumber;
  /** The number to dial, E.164. */
  readonly dialled: string;
  /** Either the bot's WebSocket or an `app_id`. */
  readonly streamUrl?: string;
  readonly appId?: string;
  readonly statusCallback?: string;
  readonly events: readonly string[];
  readonly customField?: string;
}

const MAX_STREAM_URL = 600;
const MAX_CUSTOM_FIELD = 128;
const MAX_STREAM_NAME = 32;
const MAX_TIME_LIMIT_S = 14_400;

/**
 * `ConnectVoiceAIRequest` and `ConnectVoiceAIWithFlowRequest` of
 * https://github.com/exotel/Agent-Stream/blob/main/docs/openapi/exotel-connect-voice-ai.yaml, one of which the form must
 * be. A call between two phones (`To`) is not simulated.
 */
export function parseConnect(
  account: ExotelAccount,
  form: URLSearchParams,
): { call: ConnectRequest } | { error: ExotelError } {
  const dialled = e164From(form.get('From') ?? '');
  if (!dialled) return { error: invalid(`From number ${form.get('From') ?? ''} is invalid`) };
  const callerId = e164From(form.get('CallerId') ?? '');
  const exoPhone = callerId && account.number(callerId);
  if (!exoPhone) return { error: invalid(`CallerId ${form.get('CallerId') ?? ''} is not an ExoPhone of this account`) };
  const fault = modeFault(account, form) ?? optionFault(form);
  if (fault !== undefined) return { error: invalid(fault) };
  return {
    call: {
      exoPhone,
      dialled,
      streamUrl: form.get('StreamUrl') ?? undefined,
      appId: account.flowAt(form.get('Url') ?? '')?.app_id,
      statusCallback: form.get('StatusCallback') ?? undefined,
      events: eventsOf(form),
      customField: form.get('CustomField') ?? undefined,
    },
  };
}

function modeFault(account: ExotelAccount, form: URLSearchParams): string | undefined {
  const [streamUrl, url] = [form.get('StreamUrl'), form.get('Url')];
  if (form.has('To')) return 'To is not simulated';
  if ((streamUrl === null) === (url === null)) return 'Exactly one of StreamUrl and Url must be given';
  if (url !== null) {
    if (form.has('StreamType')) return 'StreamType must not be sent with Url';
    return account.flowAt(url) ? undefined : `Url is not a valid flow URL: ${url}`;
  }
  if (form.get('StreamType') !== 'bidirectional') return 'StreamType must be bidirectional';
  if ((streamUrl ?? '').length >= MAX_STREAM_URL) return `StreamUrl must be under ${MAX_STREAM_URL} characters`;
  return streamFault(streamUrl ?? '');
}

function optionFault(form: URLSearchParams): string | undefined {
  const unless = (name: string, isRight: (value: string) => boolean) => {
    const value = form.get(name);
    return value === null || isRight(value) ? undefined : `${name} is invalid`;
  };
  const events = eventsOf(form);
  return (
    unless('StatusCallback', (url) => /^https?:\/\//.test(url) && URL.canParse(url)) ??
    unless('CustomField', (text) => text.length <= MAX_CUSTOM_FIELD) ??
    unless('StreamName', (text) => text.length <= MAX_STREAM_NAME) ??
    unless('TimeLimit', (text) => isWhole(text, MAX_TIME_LIMIT_S)) ??
    unless('TimeOut', (text) => isWhole(text, Number.MAX_SAFE_INTEGER)) ??
    unless('Record', (text) => text === 'true' || text === 'false') ??
    unless('RecordingChannels', (text) => text === 'single' || text === 'dual') ??
    unless('CallType', (text) => text === 'trans') ??
    (events.every((event) => CALL_EVENTS.some((known) => known === event))
      ? undefined
      : 'StatusCallbackEvents is invalid')
  );
}

/** `StatusCallbackEvents[]` once an event, or `StatusCallbackEvents[0]`, `[1]` and so on. */
function eventsOf(form: URLSearchParams): string[] {
  return [...form].filter(([name]) => /^StatusCallbackEvents\[\d*\]$/.test(name)).map(([, value]) => value);
}

function isWhole(text: string, max: number): boolean {
  return /^[1-9]\d*$/.test(text) && Number(text) <= max;
}
