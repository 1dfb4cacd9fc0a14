import type { WebhookRequest } from '../contract/webhook';
import { isRecord } from './json';

/** A deeper member of a JSON body is none that a vendor sends. */
const MAX_DEPTH = 5;
/** Of a part of a multipart form. */
const MAX_HEAD = 1_000;

/**
 * The fields of a webhook, whether they come in its query, as a form of either kind or as JSON, by lower-case name. Members
 * of objects and lists are named as PHP does (`stream[status]`), also those of an object that is sent as JSON text in a
 * field. A field that is empty or says `null` is not set. The body goes before the query.
 */
export class RequestFields {
  private readonly fields = new Map<string, string>();

  constructor(request: WebhookRequest) {
    if (URL.canParse(request.url)) {
      for (const [name, value] of new URL(request.url).searchParams) this.add(name, value, 0);
    }
    const contentType = request.headers['content-type'] ?? '';
    const text = request.rawBody.toString('utf8');
    for (const [name, value] of bodyFields(text, contentType)) this.add(name, value, 0);
  }

  get isEmpty(): boolean {
    return this.fields.size === 0;
  }

  /** The first of these fields that is set. Names in lower case. */
  first(...names: readonly string[]): string | null {
    for (const name of names) {
      const value = this.fields.get(name);
      if (value !== undefined) return value;
    }
    return null;
  }

  private add(name: string, value: unknown, depth: number): void {
    const members = depth < MAX_DEPTH ? membersOf(value) : [];
    for (const [member, inner] of members) this.add(`${name}[${member}]`, inner, depth + 1);
    if (typeof value === 'number' || typeof value === 'boolean') this.set(name, String(value));
    if (typeof value === 'string') this.set(name, value);
  }

  private set(name: string, value: string): void {
    const text = value.trim();
    if (text !== '' && text.toLowerCase() !== 'null') this.fields.set(name.toLowerCase(), text);
  }
}

/** `19`, `19.0` and `00:00:19` as whole seconds. */
export function wholeSeconds(text: string | null): number | null {
  if (text === null) return null;
  const clock = /^(\d{1,4}):(\d{2}):(\d{2})$/.exec(text);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  return /^\d{1,9}(\.\d+)?$/.test(text) ? Math.round(Number(text)) : null;
}

function membersOf(value: unknown): [string, unknown][] {
  const parsed = typeof value === 'string' && value.trimStart().startsWith('{') ? parseJson(value) : value;
  return Array.isArray(parsed) || isRecord(parsed) ? Object.entries(parsed) : [];
}

function bodyFields(text: string, contentType: string): Iterable<[string, unknown]> {
  if (text.trim() === '') return [];
  const boundary = /^multipart\/form-data\s*;.*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  if (boundary) return multipartFields(text, boundary[1] ?? boundary[2] ?? '');
  if (/^application\/json\b/i.test(contentType) || text.trimStart().startsWith('{')) {
    const body = parseJson(text);
    return isRecord(body) ? Object.entries(body) : [];
  }
  return new URLSearchParams(text);
}

/** Source: https://www.rfc-editor.org/rfc/rfc7578 */
function* multipartFields(text: string, boundary: string): Iterable<[string, string]> {
  for (const part of text.split(`--${boundary}`).slice(1)) {
    const endOfHead = part.indexOf('\r\n\r\n');
    if (endOfHead < 0 || endOfHead > MAX_HEAD) continue;
    const [, name] = /content-disposition:[^\r\n]*;\s*name="([^"]+)"/i.exec(part.slice(0, endOfHead)) ?? [];
    if (name) yield [name, part.slice(endOfHead + 4).replace(/\r\n$/, '')];
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
