/**
 * The URL with these parameters behind those that it brings along, which are left to the letter, since somebody may have
 * signed them. A fragment is dropped.
 */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams({ ...parameters }).toString();
  const address = url.replace(/#.*$/s, '');
  if (added === '') return address;
  if (!address.includes('?')) return `${address}?${added}`;
  return /[?&]$/.test(address) ? address + added : `${address}&${added}`;
}
