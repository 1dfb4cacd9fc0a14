/**
 * Turns every `nullable: true` below `node` into the form of OpenAPI 3.1, where `null` is a type of its own.
 * Source: https://spec.openapis.org/oas/v3.1.0#schema-object
 */
export function withNullTypes<T>(node: T): T {
  if (Array.isArray(node)) return node.map((element: unknown) => withNullTypes(element)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
    return [key, EXAMPLE_KEYS.has(key) ? value : withNullTypes(value)] as const;
  });
  return nullTyped(Object.fromEntries(entries)) as T;
}

/** What is below these is data, not schema. */
const EXAMPLE_KEYS = new Set(['example', 'examples', 'default', 'enum']);

function nullTyped(schema: Record<string, unknown>): Record<string, unknown> {
  const { nullable, type, allOf, enum: values, ...rest } = schema;
  if (nullable !== true) return schema;
  if (Array.isArray(allOf)) return { ...rest, anyOf: [...(allOf as unknown[]), { type: 'null' }] };
  return {
    ...rest,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}
