/** The parts of `/inbound/{provider}/{key}/{number}`. */
export interface InboundPath {
  readonly provider: string;
  readonly key: string;
  /** E.164 if it is a number at all: the `+` may come raw, as `%2B`, or not at all. */
  readonly number: string;
}

const PATTERN = /^\/inbound\/([a-z]{1,32})\/([A-Za-z0-9_-]{43})\/(?:\+|%2[Bb])?(\d{1,20})$/;

/** @param url a request's path with or without a query; `undefined` where it is not an inbound path of a number */
export function parseInboundPath(url: string): InboundPath | undefined {
  const [, provider, key, digits] = PATTERN.exec(url.split('?', 1)[0] ?? '') ?? [];
  return provider && key && digits ? { provider, key, number: `+${digits}` } : undefined;
}
