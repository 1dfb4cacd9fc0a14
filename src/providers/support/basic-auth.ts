/**
 * The value of an `Authorization` header for HTTP Basic, in UTF-8. The user may not contain a colon.
 * Source: https://www.rfc-editor.org/rfc/rfc7617#section-2
 */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}
