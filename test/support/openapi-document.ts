import type { OpenAPIObject } from '@nestjs/swagger';

type Json = unknown;
type Schema = Readonly<Record<string, Json>>;

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, MediaType> };
  readonly responses: Readonly<Record<string, Response>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: Json;
}
interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, MediaType>>;
}
export interface MediaType {
  readonly schema?: Schema;
  readonly example?: Json;
  readonly examples?: Readonly<Record<string, { readonly value: Json }>>;
}
export interface DocumentedOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

/** https://spec.openapis.org/oas/v3.1.0#path-item-object */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function operationsOf({ paths }: Pick<OpenAPIObject, 'paths'>): DocumentedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<string, Operation>)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({ ...operation, method, path })),
  );
}

/** Every `$ref` anywhere in the document that leads nowhere. */
export function deadReferences(document: OpenAPIObject): string[] {
  return referencesIn(document).filter((reference) => resolve(document, reference) === undefined);
}

function referencesIn(node: Json): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, Json]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

function resolve(document: OpenAPIObject, reference: string): Json {
  if (!reference.startsWith('#/')) return undefined;
  const steps = reference
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<Json>(
    (node, step) => (typeof node === 'object' && node !== null ? (node as Record<string, Json>)[step] : undefined),
    document,
  );
}

const TYPE_TESTS: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/**
 * What of a value the schema does not allow, for the words of JSON Schema that the document uses. A member that the
 * schema does not name is a fault too, unless it says `additionalProperties`: the document is to be complete.
 * Source: https://json-schema.org/draft/2020-12/json-schema-validation
 */
export function schemaFaults(document: OpenAPIObject, schema: Schema, value: Json, at = '$'): string[] {
  if (typeof schema.$ref === 'string') {
    return schemaFaults(document, (resolve(document, schema.$ref) ?? {}) as Schema, value, at);
  }
  for (const word of ['anyOf', 'oneOf'] as const) {
    const choices = schema[word] as Schema[] | undefined;
    if (!choices) continue;
    return choices.some((choice) => schemaFaults(document, choice, value, at).length === 0)
      ? []
      : [`${at} is none of ${word}`];
  }
  if (schema.allOf) return (schema.allOf as Schema[]).flatMap((part) => schemaFaults(document, part, value, at));
  const types = [schema.type ?? []].flat() as string[];
  if (types.length > 0 && !types.some((type) => TYPE_TESTS[type]?.(value))) {
    return [`${at} is not ${types.join(' or ')}`];
  }
  const faults: string[] = [];
  const values = schema.enum as Json[] | undefined;
  if (values && !values.includes(value)) faults.push(`${at} is not one of ${JSON.stringify(values)}`);
  if (typeof value === 'string') faults.push(...textFaults(schema, value, at));
  if (typeof value === 'number') {
    if (typeof schema.minimum === 'number' && value < schema.minimum) faults.push(`${at} is too small`);
    if (typeof schema.maximum === 'number' && value > schema.maximum) faults.push(`${at} is too large`);
  }
  if (Array.isArray(value)) {
    const items = (schema.items ?? {}) as Schema;
    value.forEach((item: Json, index) => faults.push(...schemaFaults(document, items, item, `${at}[${index}]`)));
  } else if (typeof value === 'object' && value !== null) {
    faults.push(...memberFaults(document, schema, value as Record<string, Json>, at));
  }
  return faults;
}

function textFaults({ format, pattern, maxLength, minLength }: Schema, value: string, at: string): string[] {
  const faults: string[] = [];
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) faults.push(`${at} does not match`);
  if (typeof maxLength === 'number' && value.length > maxLength) faults.push(`${at} is too long`);
  if (typeof minLength === 'number' && value.length < minLength) faults.push(`${at} is too short`);
  if (format === 'date-time' && new Date(value).toISOString() !== value) faults.push(`${at} is no time`);
  if (format === 'uri' && !URL.canParse(value)) faults.push(`${at} is no URI`);
  return faults;
}

function memberFaults(document: OpenAPIObject, schema: Schema, value: Record<string, Json>, at: string): string[] {
  const members = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const faults = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name} is missing`);
  const others = schema.additionalProperties;
  for (const [name, member] of Object.entries(value)) {
    const known = members[name] ?? (typeof others === 'object' && others !== null ? (others as Schema) : undefined);
    if (known) faults.push(...schemaFaults(document, known, member, `${at}.${name}`));
    else if (others !== true && Object.keys(schema).length > 0) faults.push(`${at}.${name} is not in the schema`);
  }
  return faults;
}
