/**
 * An opaque page cursor: the sort key of the last row seen, with a tag that ties it to one list, as base64url JSON.
 * It grants nothing: every query it is used in is bounded by the caller's account.
 */
export function encodeCursor(list: string, lastKey: string): string {
  return Buffer.from(JSON.stringify([list, lastKey])).toString('base64url');
}

/** The sort key inside a cursor of this list, or `undefined` when the text is not one. */
export function decodeCursor(list: string, cursor: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(cursor)) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length !== 2 || parsed[0] !== list) return undefined;
    return typeof parsed[1] === 'string' ? parsed[1] : undefined;
  } catch {
    return undefined;
  }
}
