import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import type { ErrorReason } from '../../common/errors/error-catalog';
import { Faults } from './faults';

/** What every field decorator takes. */
export interface FieldOptions {
  readonly description: string;
  readonly example?: unknown;
  /** May be absent. */
  readonly optional?: boolean;
  /** May be `null`, which clears. */
  readonly nullable?: boolean;
  /** Absent, `null`, empty or blank is this reason; without it (and without `optional`) absence is `VALIDATION_FAILED`. */
  readonly required?: ErrorReason;
  /** The value is never repeated in an answer. */
  readonly secret?: boolean;
}

/**
 * Reads a value that is present and not `null`: reports each fault under the name of the element it is about, and
 * returns what the DTO is to hold. A fault without a `value` is one whose value must not be repeated.
 */
export type Reader = (value: unknown, field: string, report: Report) => unknown;

/** Where a reader reports; `shown` passes a value on unless the field is a secret. */
export interface Report {
  readonly faults: Faults;
  readonly shown: <T>(value: T) => T | undefined;
}

/** One member's rule, as stored in class-validator's metadata, so that mapped types and inheritance keep it. */
export class FieldRule {
  constructor(
    readonly options: FieldOptions,
    private readonly reader: Reader,
    /** The member's JSON type: what counts as empty is of this type, anything else is a fault of its own. */
    private readonly type: unknown,
  ) {}

  /** `optional` adds to the rule's own, for mapped types such as `PartialType`. */
  read(value: unknown, field: string, faults: Faults, optional: boolean): unknown {
    const { required, nullable, secret } = this.options;
    if (value === undefined) {
      if (optional || (this.options.optional ?? false)) return undefined;
      this.absent(field, faults);
      return undefined;
    }
    if (value === null && nullable) return null;
    if (required !== undefined && isEmpty(value, this.type)) {
      faults.required(required, field);
      return undefined;
    }
    if (value === null) {
      faults.invalid(field, 'must not be null', null);
      return undefined;
    }
    return this.reader(value, field, { faults, shown: secret ? hidden : same });
  }

  private absent(field: string, faults: Faults): void {
    const { required } = this.options;
    if (required === undefined) faults.invalid(field, 'is required');
    else faults.required(required, field);
  }
}

const same = <T>(value: T): T => value;
const hidden = (): undefined => undefined;

function isEmpty(value: unknown, type: unknown): boolean {
  if (value === null) return true;
  if (type === 'string') return typeof value === 'string' && value.trim() === '';
  return type === 'array' && Array.isArray(value) && value.length === 0;
}

/** Makes the decorator of a member: its rule for class-validator and its schema for the OpenAPI document. */
export function field(options: FieldOptions, schema: ApiPropertyOptions, reader: Reader): PropertyDecorator {
  const rule = new FieldRule(options, reader, schema.type);
  const validate = ValidateBy({
    name: 'patchbayField',
    constraints: [rule],
    validator: {
      validate(value, args): boolean {
        const faults = new Faults();
        rule.read(value, args?.property ?? 'value', faults, false);
        return faults.count === 0;
      },
      defaultMessage: (args) => `${args?.property ?? 'value'} is not valid`,
    },
  });
  const document = ApiProperty({
    ...schema,
    description: options.description,
    ...(options.example === undefined ? {} : { example: options.example }),
    ...(options.nullable ? { nullable: true } : {}),
    required: !options.optional,
  } as ApiPropertyOptions);
  return (target, member) => {
    validate(target, String(member));
    document(target, member);
  };
}
