import type { ValidationArguments } from 'class-validator';

/** The fault of one half of a pair that must be given together: names the other half where this one is missing. */
export function requiredWith(partner: string, rule: string): (given: ValidationArguments) => string {
  return ({ value }) => (value === undefined ? `is required with ${partner}` : rule);
}
