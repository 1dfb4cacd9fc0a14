import type { StreamAnswer } from '../../contract/answer';

/** Source: https://developer.exotel.com/docs/agentstream/stream-voicebot-applet */
const MAX_PARAMETERS = 3;
const MAX_QUERY = 256;
/** The query parameter that Exotel itself reads, which is none of the three. */
const SAMPLE_RATE = 'sample-rate';

/**
 * The URL of the stream with its parameters in the query, as many of them in their order as Exotel takes. What the agent's
 * own URL holds is never changed.
 * @param maxLength of the whole URL
 */
export function streamUrl({ url, parameters }: StreamAnswer, maxLength = Number.POSITIVE_INFINITY): string {
  const [bare = ''] = url.split('#', 1);
  const [base, query] = splitOnce(bare, '?');
  const pairs = query === '' ? [] : query.split('&');
  let count = pairs.filter((pair) => pair !== '' && !pair.startsWith(`${SAMPLE_RATE}=`)).length;
  for (const [name, value] of Object.entries(parameters)) {
    const pair = `${encode(name)}=${encode(value)}`;
    const longer = [...pairs, pair].join('&').length;
    if (count >= MAX_PARAMETERS || longer > MAX_QUERY || base.length + 1 + longer > maxLength) break;
    pairs.push(pair);
    count += 1;
  }
  return pairs.length > 0 ? `${base}?${pairs.join('&')}` : base;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A lone surrogate, which no URL can hold, is replaced. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
