import type { Reader } from './field-rule';

export interface IntegerLimits {
  readonly min: number;
  readonly max: number;
}

const INTEGER_TEXT = /^-?\d{1,15}$/;

export const readFlag: Reader = (value, field, { faults, shown }) => {
  if (typeof value !== 'boolean') faults.invalid(field, 'must be true or false', shown(value));
  return value;
};

export const readQueryFlag: Reader = (value, field, { faults, shown }) => {
  if (value !== 'true' && value !== 'false') faults.invalid(field, 'must be true or false', shown(value));
  return value === 'true';
};

export function readInteger({ min, max }: IntegerLimits): Reader {
  return (value, field, { faults, shown }) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      faults.invalid(field, `must be an integer from ${min} to ${max}`, shown(value));
    }
    return value;
  };
}

export function readQueryInteger(limits: IntegerLimits): Reader {
  const integer = readInteger(limits);
  return (value, field, report) => {
    const number = typeof value === 'string' && INTEGER_TEXT.test(value) ? Number(value) : undefined;
    if (number === undefined) integer(value, field, report);
    else integer(number, field, report);
    return number;
  };
}
