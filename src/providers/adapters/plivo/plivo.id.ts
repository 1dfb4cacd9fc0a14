import { type JsonRecord, textOrNull } from '../../support/json';

/** The last segment of a path such as `/v1/Account/MA…/Application/15784735442685051/`. */
export function lastSegment(path: string): string | null {
  return path.split('/').findLast((segment) => segment !== '') ?? null;
}

/**
 * An application's identifier as a text of digits: `app_id` where it is a text, else the end of its path. Identifiers have
 * 17 digits, so as a JSON number they have lost some by the time they are parsed.
 */
export function applicationId(item: JsonRecord): string | null {
  const path = textOrNull(item, 'resource_uri');
  return textOrNull(item, 'app_id') ?? (path && lastSegment(path));
}

/** `app_id` in the text of an answer that has no path, whether it is written as a text or as a number there. */
export function applicationIdIn(body: string): string | null {
  return /"app_id"\s*:\s*"?(\d{1,40})"?\s*[,}]/.exec(body)?.[1] ?? null;
}
