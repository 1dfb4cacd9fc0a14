/** The code of a system error, such as `ENOENT`, or `undefined` for what has none. */
export function errorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: errors of node:fs are made outside the realm that Jest runs tests in.
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
