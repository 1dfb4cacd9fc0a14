import { PROVIDER_NAMES } from '../common/provider-name';
import { parseBaseUrl } from './base-url';
import type { Environment } from './environment';
import { collect, faulty, parsed, type Parsed } from './parsed';

/** The variables that send the requests to a vendor elsewhere, by the provider's name in the API. */
export const PROVIDER_URL_VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  PROVIDER_NAMES.map((name) => [name, `PROVIDER_${name.toUpperCase()}_URL`]),
);

/** Reads them all; one that looks like them and names no provider is a fault, as it would be ignored in silence. */
export function parseProviderUrls(environment: Environment): Parsed<Record<string, string>> {
  const faults: string[] = [];
  const urls: Record<string, string> = {};
  for (const [provider, variable] of Object.entries(PROVIDER_URL_VARIABLES)) {
    const text = environment[variable];
    if (text === undefined) continue;
    const url = collect(parseBaseUrl(variable, text, ['http', 'https']), faults);
    if (url !== undefined) urls[provider] = url;
  }
  const known = new Set(Object.values(PROVIDER_URL_VARIABLES));
  for (const variable of Object.keys(environment)) {
    if (/^PROVIDER_\w+_URL$/.test(variable) && !known.has(variable)) faults.push(`${variable} names no provider`);
  }
  return faults.length > 0 ? faulty(...faults) : parsed(urls);
}
