import { isE164 } from '../../common/e164';
import type { Reader, Report } from './field-rule';
import { findJsonFault } from './json-walk';
import { isPlainObject } from './plain-object';
import { plural, textFault } from './text-readers';

export interface ListLimits {
  readonly min?: number;
  readonly max?: number;
}

/** Whether the value is an array of a permitted length; only then are its elements worth looking at. */
function isListWithin(
  value: unknown,
  field: string,
  report: Report,
  { min = 0, max = Infinity }: ListLimits,
): value is unknown[] {
  if (!Array.isArray(value)) report.faults.invalid(field, 'must be an array', report.shown(value));
  else if (value.length < min) report.faults.invalid(field, `must have at least ${plural(min, 'element')}`);
  else if (value.length > max) report.faults.invalid(field, `must have at most ${plural(max, 'element')}`);
  else return true;
  return false;
}

/** One rule for the whole list: a rule run for each element would cost a batch of a thousand most of its time. */
export function readE164List(limits: ListLimits): Reader {
  return (value, field, report) => {
    if (!isListWithin(value, field, report, limits)) return value;
    const { faults, shown } = report;
    for (let index = 0; index < value.length; index++) {
      const element = value[index];
      if (typeof element !== 'string') faults.invalid(`${field}[${index}]`, 'must be a string', shown(element));
      else if (!isE164(element)) faults.notE164(`${field}[${index}]`, shown(element));
    }
    return value;
  };
}

export function readStringList(values: readonly string[] | undefined, limits: ListLimits): Reader {
  const allowed = values && new Set(values);
  const what = `must be one of: ${(values ?? []).join(', ')}`;
  return (value, field, report) => {
    if (!isListWithin(value, field, report, limits)) return value;
    const { faults, shown } = report;
    value.forEach((element, index) => {
      const name = `${field}[${index}]`;
      if (typeof element !== 'string') faults.invalid(name, 'must be a string', shown(element));
      else if (allowed && !allowed.has(element)) faults.invalid(name, what, shown(element));
      else if (!allowed) {
        const fault = textFault(element);
        if (fault) faults.invalid(name, fault, shown(element));
      }
    });
    return value;
  };
}

export const readJsonObject: Reader = (value, field, { faults, shown }) => {
  if (!isPlainObject(value)) {
    faults.invalid(field, 'must be an object', shown(value));
    return value;
  }
  const fault = findJsonFault(value, field, true);
  if (fault) faults.invalid(fault.field, fault.what);
  return value;
};
