import { parseUrl } from '../common/parse-url';
import { faulty, parsed, type Parsed } from './parsed';

const PLACEHOLDERS = ['{agent_id}', '{call_id}'] as const;

/** Reads the `ws://` or `wss://` URL template in which `{agent_id}` and `{call_id}` are filled in for each call. */
export function parseMediaUrl(text: string): Parsed<string> {
  const filled = PLACEHOLDERS.reduce((rest, placeholder) => rest.replaceAll(placeholder, 'x'), text);
  const faults: string[] = [];
  if (/[{}]/.test(filled)) faults.push(`MEDIA_URL may hold no placeholders but ${PLACEHOLDERS.join(' and ')}`);
  if (filled.includes('#')) faults.push('MEDIA_URL must have no fragment');
  if (!/^wss?:\/\//.test(filled) || !parseUrl(filled)) {
    faults.push('MEDIA_URL must be a URL that starts with ws:// or wss://');
  }
  return faults.length > 0 ? faulty(...faults) : parsed(text);
}
