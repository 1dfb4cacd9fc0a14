const USER = /(?:[^\s@<>"]+@)?/;
const HOST = /(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?)/;
const PORT = /(?::\d{1,5})?/;
const PARAMETERS = /(?:;[^\s?<>"@]*)?/;
const HEADERS = /(?:\?[^\s<>"@]*)?/;
const SIP_URI = new RegExp(
  `^sips?:${USER.source}${HOST.source}${PORT.source}${PARAMETERS.source}${HEADERS.source}$`,
  'i',
);

/**
 * Whether a text is a SIP or SIPS URI: a host, with a user before it and port, parameters and headers after it where
 * wanted. The parts are checked for what would break a header that they are written into, not for their own grammar.
 * Source: https://www.rfc-editor.org/rfc/rfc3261#section-19.1.1
 */
export function isSipUri(value: string): boolean {
  return SIP_URI.test(value);
}
