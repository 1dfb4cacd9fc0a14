import type { Type } from '@nestjs/common';
import { DtoPlan } from './dto-plan';
import { field, type FieldOptions, type Reader } from './field-rule';
import { isPlainObject } from './plain-object';
import { readE164List, readJsonObject, readStringList, type ListLimits } from './structure-readers';
import {
  readE164,
  readEnum,
  readIdentifier,
  readLanguage,
  readPattern,
  readText,
  readTimezone,
  readUrl,
  type TextLimits,
} from './text-readers';
import { readFlag, readInteger, readQueryFlag, readQueryInteger, type IntegerLimits } from './value-readers';

// Each decorator joins a member's rule, the reason of its absence and its schema, so that they cannot drift apart.

/** A string of well-formed Unicode without NUL; limits in UTF-16 code units. */
export function TextField({ min, max, ...options }: FieldOptions & TextLimits): PropertyDecorator {
  return field(options, { type: 'string', minLength: min, maxLength: max }, readText({ min, max }));
}

/** Any string: one that names nothing is not found later, rather than malformed now. */
export function IdentifierField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string' }, readIdentifier);
}

/** A string of a form; `what` says it: "must be two letters". */
export function PatternField(pattern: RegExp, what: string, options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string', pattern: pattern.source }, readPattern(pattern, what));
}

export function EnumField(values: readonly string[], options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string', enum: [...values] }, readEnum(values));
}

export function FlagField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'boolean' }, readFlag);
}

export function IntegerField({ min, max, ...options }: FieldOptions & IntegerLimits): PropertyDecorator {
  return field(options, { type: 'integer', minimum: min, maximum: max }, readInteger({ min, max }));
}

/** One E.164 number; what is no string is malformed, a string that is not E.164 has a reason of its own. */
export function E164Field(options: FieldOptions): PropertyDecorator {
  return field(options, E164_SCHEMA, readE164);
}

/** A list of E.164 numbers; faults name the element, as `numbers[3]`. Over `max`, elements are not looked at. */
export function E164ListField({ min, max = 1_000, ...options }: FieldOptions & ListLimits): PropertyDecorator {
  const minItems = min ?? (options.required === undefined ? undefined : 1);
  return field(options, { type: 'array', items: E164_SCHEMA, minItems, maxItems: max }, readE164List({ min, max }));
}

/** An object kept as given: texts and names of well-formed Unicode without NUL, at most 32 levels. */
export function JsonObjectField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'object', additionalProperties: true }, readJsonObject);
}

/** An absolute URL of one of the schemes (`wss`, `https`, `sip`, without the colon). */
export function UrlField({
  protocols,
  max = 2_048,
  ...options
}: FieldOptions & { readonly protocols: readonly string[]; readonly max?: number }): PropertyDecorator {
  return field(options, { type: 'string', format: 'uri', maxLength: max }, readUrl(protocols, max));
}

/** An object of another DTO class; its members are named `connect.url`. */
export function NestedField(dto: () => Type<object>, options: FieldOptions): PropertyDecorator {
  // Swagger takes a function for a class, unless the function is called `type`.
  return field(options, { type: () => dto() }, readNested(dto));
}

/** A list of strings, each one of `values` where those are given. */
export function StringListField({
  values,
  min,
  max,
  ...options
}: FieldOptions & ListLimits & { readonly values?: readonly string[] }): PropertyDecorator {
  const items = values ? { type: 'string', enum: [...values] } : { type: 'string' };
  return field(options, { type: 'array', items, minItems: min, maxItems: max }, readStringList(values, { min, max }));
}

/** A time zone of the IANA database that this Node knows. Source: https://www.iana.org/time-zones */
export function TimezoneField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string' }, readTimezone);
}

/** A well-formed language tag. Source: https://www.rfc-editor.org/info/bcp47 */
export function LanguageField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'string' }, readLanguage);
}

/** `true` or `false` in a query; the DTO holds a boolean. */
export function QueryFlagField(options: FieldOptions): PropertyDecorator {
  return field(options, { type: 'boolean' }, readQueryFlag);
}

/** Decimal digits in a query; the DTO holds a number. */
export function QueryIntegerField({ min, max, ...options }: FieldOptions & IntegerLimits): PropertyDecorator {
  return field(options, { type: 'integer', minimum: min, maximum: max }, readQueryInteger({ min, max }));
}

const E164_SCHEMA = { type: 'string', pattern: '^\\+[1-9]\\d{4,14}$' } as const;

function readNested(dto: () => Type<object>): Reader {
  return (value, name, { faults, shown }) => {
    if (isPlainObject(value)) return DtoPlan.of(dto()).read(value, `${name}.`, faults);
    faults.invalid(name, 'must be an object', shown(value));
    return value;
  };
}
