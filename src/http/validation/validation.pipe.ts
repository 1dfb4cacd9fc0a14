import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error';
import { DtoPlan } from './dto-plan';
import { Faults } from './faults';
import { findJsonFault } from './json-walk';
import { isPlainObject } from './plain-object';

const NATIVE_TYPES = new Set<unknown>([undefined, String, Number, Boolean, Array, Object]);

/**
 * Makes DTOs of bodies, queries and path parameters whose parameter has a DTO class, and refuses what does not fit
 * with every fault found. Members that the class does not have are faults too.
 */
export class AppValidationPipe implements PipeTransform<unknown, unknown> {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    const faults = new Faults();
    const result = type === 'body' ? readBody(value, metatype, faults) : readText(value, metatype, faults);
    const error = faults.toError();
    if (!error) return result;
    if (type === 'body') throw error;
    return rejectAfterBody(error);
  }
}

function readBody(value: unknown, metatype: Type | undefined, faults: Faults): unknown {
  if (!isPlainObject(value)) throw new AppError('MALFORMED_JSON');
  const fault = findJsonFault(value, '', false);
  if (fault) faults.invalid(fault.field, fault.what);
  return isDto(metatype) ? DtoPlan.of(metatype).read(value, '', faults) : value;
}

/** A query or the path's parameters: all strings, but for a parameter given twice, which Node makes an array. */
function readText(value: unknown, metatype: Type | undefined, faults: Faults): unknown {
  if (!isDto(metatype) || !isPlainObject(value)) return value;
  const single: Record<string, unknown> = {};
  const twice: string[] = [];
  for (const [name, text] of Object.entries(value)) {
    if (Array.isArray(text)) twice.push(name);
    Object.defineProperty(single, name, { value: firstOf(text), enumerable: true });
  }
  const result = DtoPlan.of(metatype).read(single, '', faults);
  for (const name of twice) faults.invalid(name, 'must be given once');
  return result;
}

function firstOf(text: unknown): unknown {
  return Array.isArray(text) ? (text as unknown[])[0] : text;
}

function isDto(metatype: Type | undefined): metatype is Type<object> {
  return !NATIVE_TYPES.has(metatype);
}

/** Nest runs the pipes of all parameters at once and answers with the first rejection: the body's goes first. */
async function rejectAfterBody(error: AppError): Promise<never> {
  await nextTurn();
  throw error;
}
