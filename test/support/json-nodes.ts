export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
export type JsonRecord = { [member: string]: Json };

/** A value inside a JSON document, its own root included. */
export interface JsonNode {
  /** As errors name it: `connect.url`, `numbers[0]`; empty for the root. */
  readonly field: string;
  readonly value: Json;
  /** The document with another value in this place; the document itself stays as it is. */
  with(replacement: unknown): unknown;
}

/** Every value of the document, outermost first. */
export function nodesOf(document: Json): JsonNode[] {
  const nodes: JsonNode[] = [];
  const visit = (value: Json, field: string, keys: readonly (string | number)[]) => {
    nodes.push({ field, value, with: (replacement) => replaced(document, keys, replacement) });
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${field}[${index}]`, [...keys, index]));
    else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        visit(member, field === '' ? name : `${field}.${name}`, [...keys, name]);
      }
    }
  };
  visit(document, '', []);
  return nodes;
}

export const isObject = (value: Json): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function replaced(value: Json, [key, ...rest]: readonly (string | number)[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as JsonRecord) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key] as Json, rest, replacement);
  return copy;
}
