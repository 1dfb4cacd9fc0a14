/**
 * The URL, or `undefined` where the text is none. `URL.canParse` is no substitute: in Node 20 it comes to refuse hosts that are
 * not ASCII once the engine has compiled it.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
