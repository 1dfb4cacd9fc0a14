import { faulty, parsed, type Parsed } from './parsed';

export type BaseUrlProtocol = 'http' | 'https';

/**
 * Reads an absolute URL that paths are appended to: no user, query or fragment; a trailing slash is dropped, a path
 * is kept.
 * @param name the variable, for the faults
 */
export function parseBaseUrl(name: string, text: string, protocols: readonly BaseUrlProtocol[]): Parsed<string> {
  const schemes = protocols.map((protocol) => `${protocol}://`).join(' or ');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return faulty(`${name} must be a URL that starts with ${schemes}`);
  }
  const faults: string[] = [];
  if (!protocols.some((protocol) => url.protocol === `${protocol}:`)) faults.push(`${name} must start with ${schemes}`);
  if (url.username !== '' || url.password !== '') faults.push(`${name} must not hold a user or a password`);
  // `search` and `hash` are empty for a bare `?` or `#`, which would end up before the appended path all the same.
  if (/[?#]/.test(text)) faults.push(`${name} must have no query and no fragment`);
  return faults.length > 0 ? faulty(...faults) : parsed(url.origin + url.pathname.replace(/\/+$/, ''));
}
