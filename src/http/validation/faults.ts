import { AppError, type ErrorDetail } from '../../common/errors/app-error';
import { ERROR_CATALOG, type ErrorReason } from '../../common/errors/error-catalog';

/** As many faults as an answer lists; a batch has at most as many elements. */
export const MAX_DETAILS = 1_000;

/** As much of a member's name as an answer repeats, in characters. */
const NAME_LENGTH = 100;

interface RequiredFault {
  readonly reason: ErrorReason;
  readonly detail: ErrorDetail;
}

/**
 * Every fault of one request, kept by class. The classes rank: required members in the order in which they are
 * declared, then anything malformed, then telephone numbers that are not E.164.
 */
export class Faults {
  private readonly missing: RequiredFault[] = [];
  private readonly malformed = new Map<string, ErrorDetail>();
  private readonly numbers: ErrorDetail[] = [];

  required(reason: ErrorReason, field: string): void {
    this.missing.push({ reason, detail: { field, message: ERROR_CATALOG[reason].message } });
  }

  /**
   * `what` completes a sentence that starts with the field's name: "must be a string". Of several faults of one field
   * the first counts.
   */
  invalid(field: string, what: string, value?: unknown): void {
    if (this.malformed.size >= MAX_DETAILS || this.malformed.has(field)) return;
    const name = shortName(field);
    this.malformed.set(field, { field: name, message: `${name} ${what}`, value });
  }

  notE164(field: string, value: string | undefined): void {
    if (this.numbers.length >= MAX_DETAILS) return;
    this.numbers.push({ field, message: `${field} is not an E.164 phone number`, value });
  }

  /** Whether the member is malformed, so that a rule that takes it together with others has nothing to go by. */
  isMalformed(field: string): boolean {
    return this.malformed.has(field);
  }

  get count(): number {
    return this.missing.length + this.malformed.size + this.numbers.length;
  }

  /** The error of the first class that has a fault, with all of them listed in the order of their classes. */
  toError(): AppError | undefined {
    if (this.count === 0) return undefined;
    const details = [...this.missing.map(({ detail }) => detail), ...this.malformed.values(), ...this.numbers];
    return new AppError(this.decidingReason(), { details: details.slice(0, MAX_DETAILS) });
  }

  private decidingReason(): ErrorReason {
    const [first] = this.missing;
    if (first) return first.reason;
    return this.malformed.size > 0 ? 'VALIDATION_FAILED' : 'INVALID_PHONE_NUMBER_FORMAT';
  }
}

function shortName(field: string): string {
  return field.length > NAME_LENGTH ? `${field.slice(0, NAME_LENGTH)}…`.toWellFormed() : field.toWellFormed();
}
