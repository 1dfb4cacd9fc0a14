import type { AnswerDocument } from '../../../src/providers/contract/answer';
import { demand } from './answer-reader';

/** @throws Error where the document is no JSON, or holds half a character, which a reader may refuse */
export function jsonOf({ contentType, body }: AnswerDocument): unknown {
  demand(contentType === 'application/json', `the content type is ${contentType}`);
  const value: unknown = JSON.parse(body);
  demand(!/[\ud800-\udfff]/u.test(body) && !/(?<!\\)(?:\\\\)*\\ud[89a-f]/i.test(body), 'half a character');
  return value;
}

/** Every member, by where it is; the places in a list are all the same. */
export function jsonPaths(value: unknown, above = ''): string[] {
  if (Array.isArray(value)) return [`${above}[]`, ...value.flatMap((item) => jsonPaths(item, `${above}[]`))];
  if (typeof value !== 'object' || value === null) return [`${above}:${typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => jsonPaths(member, `${above}.${name}`));
}

/** The members of an object that is to have none but these. */
export function membersOf(value: unknown, ...allowed: readonly string[]): Readonly<Record<string, unknown>> {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), 'no object');
  const foreign = Object.keys(value).find((name) => !allowed.includes(name));
  demand(foreign === undefined, `a member ${foreign}`);
  return value as Readonly<Record<string, unknown>>;
}

export function textOf(value: unknown): string {
  demand(typeof value === 'string', 'no text');
  return value;
}

/** The item of a list that is to have no other. */
export function onlyItem(value: unknown): unknown {
  demand(Array.isArray(value) && value.length === 1, 'not a list of one');
  return (value as unknown[])[0];
}
