import { ReceivedAnswer, Understood } from '../core/call';

const SAMPLE_RATES = ['8000', '16000', '24000'];
const SAMPLE_RATE = 'sample-rate';
const MAX_PARAMETERS = 3;
const MAX_PARAMETERS_LENGTH = 256;

/**
 * Why the Voicebot applet would not open a WebSocket at this URL; `undefined` where it would. Its limits are from
 * https://docs.exotel.com/exotel-agentstream (Stream and Voicebot applet): "Up to 3 key-value pairs appended to the URL
 * (max 256 chars total)" beside the sample rate.
 */
export function streamFault(text: string): string | undefined {
  if (!/^wss?:\/\//i.test(text) || !URL.canParse(text)) return 'the URL is not a ws:// or wss:// URL';
  const { searchParams } = new URL(text);
  const rates = searchParams.getAll(SAMPLE_RATE);
  if (rates.length > 1 || rates.some((rate) => !SAMPLE_RATES.includes(rate))) {
    return `sample-rate must be one of ${SAMPLE_RATES.join(', ')}`;
  }
  const custom = [...searchParams.keys()].filter((name) => name !== SAMPLE_RATE);
  if (custom.length > MAX_PARAMETERS) return `the URL has more than ${MAX_PARAMETERS} custom parameters`;
  if (customQuery(text).length > MAX_PARAMETERS_LENGTH) {
    return `the custom parameters are longer than ${MAX_PARAMETERS_LENGTH} characters`;
  }
  return undefined;
}

/** What the applet makes of the answer of its dynamic URL: `{"url": "wss://…"}` as JSON. */
export function understandStream({ status, contentType, text }: ReceivedAnswer): Understood {
  const invalid = (error: string): Understood => ({ action: 'invalid', error });
  if (status !== 200) return invalid(`the URL answered ${status}`);
  if (!/^application\/json\b/i.test(contentType))
    return invalid(`the answer is ${contentType || 'of no type'}, not JSON`);
  const url = urlIn(text);
  if (url === undefined) return invalid('the answer is not an object with a url');
  return streamTo(url);
}

/** What becomes of a WebSocket URL that the applet is given. */
export function streamTo(url: string): Understood {
  const fault = streamFault(url);
  return fault === undefined
    ? { action: 'stream', url, parameters: parametersOf(url) }
    : { action: 'invalid', error: fault };
}

/** As they come back in `custom_parameters` of the stream's start message. */
function parametersOf(url: string): Record<string, string> {
  return Object.fromEntries([...new URL(url).searchParams].filter(([name]) => name !== SAMPLE_RATE));
}

/** The query without the sample rate, escaped as it was given. */
function customQuery(url: string): string {
  const query = url.split('#')[0]?.split('?').slice(1).join('?') ?? '';
  return query
    .split('&')
    .filter((pair) => pair !== '' && pair.split('=')[0] !== SAMPLE_RATE)
    .join('&');
}

function urlIn(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const url = typeof answer === 'object' && answer !== null && 'url' in answer ? answer.url : undefined;
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
