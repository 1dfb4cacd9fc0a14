const INBOUND_PATH = /^(\/+inbound\/+[^/]*)\/.*$/i;

/** The path of a URL as the log may hold it: without the query, and without the key of a provider-facing route. */
export function redactPath(url: string): string {
  const end = url.indexOf('?');
  const path = end === -1 ? url : url.slice(0, end);
  return path.replace(INBOUND_PATH, '$1/***');
}
