import { parseUrl } from '../../common/parse-url';
import { isE164 } from '../../common/e164';
import type { Reader } from './field-rule';

export interface TextLimits {
  /** Characters (UTF-16 code units). */
  readonly min?: number;
  readonly max?: number;
}

const UNPRINTABLE_OR_SPACE = /[\s\u0000-\u001f\u007f]/;
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** Why a text cannot be stored or sent on, or `undefined` when it can. */
export function textFault(value: string): string | undefined {
  if (value.includes('\0')) return 'must not contain NUL';
  return value.isWellFormed() ? undefined : 'must be well-formed Unicode';
}

export const readIdentifier: Reader = (value, field, { faults, shown }) => {
  if (typeof value !== 'string') faults.invalid(field, 'must be a string', shown(value));
  return value;
};

export function readText({ min, max }: TextLimits): Reader {
  return (value, field, { faults, shown }) => {
    if (typeof value !== 'string') {
      faults.invalid(field, 'must be a string', shown(value));
    } else if (min !== undefined && value.length < min) {
      faults.invalid(field, `must have at least ${plural(min, 'character')}`, shown(value));
    } else if (max !== undefined && value.length > max) {
      faults.invalid(field, `must have at most ${plural(max, 'character')}`, shown(value));
    } else {
      const fault = textFault(value);
      if (fault) faults.invalid(field, fault, shown(value));
    }
    return value;
  };
}

export function readPattern(pattern: RegExp, what: string): Reader {
  return (value, field, { faults, shown }) => {
    if (typeof value !== 'string') faults.invalid(field, 'must be a string', shown(value));
    else if (!pattern.test(value)) faults.invalid(field, what, shown(value));
    return value;
  };
}

export function readEnum(values: readonly string[]): Reader {
  const allowed = new Set<unknown>(values);
  const what = `must be one of: ${values.join(', ')}`;
  return (value, field, { faults, shown }) => {
    if (!allowed.has(value)) faults.invalid(field, what, shown(value));
    return value;
  };
}

export const readE164: Reader = (value, field, { faults, shown }) => {
  if (typeof value !== 'string') faults.invalid(field, 'must be a string', shown(value));
  else if (!isE164(value)) faults.notE164(field, shown(value));
  return value;
};

/** Absolute URLs of these schemes (no colon), without spaces or control characters, which `URL` would drop silently. */
export function readUrl(protocols: readonly string[], max: number): Reader {
  const text = readText({ max });
  const what = `must be a URL that starts with ${protocols.map((protocol) => `${protocol}:`).join(' or ')}`;
  return (value, field, report) => {
    const before = report.faults.count;
    text(value, field, report);
    if (report.faults.count > before || typeof value !== 'string') return value;
    const url = UNPRINTABLE_OR_SPACE.test(value) ? undefined : parseUrl(value);
    if (!url || !protocols.includes(url.protocol.slice(0, -1))) report.faults.invalid(field, what, report.shown(value));
    return value;
  };
}

export const readTimezone: Reader = (value, field, { faults, shown }) => {
  if (typeof value !== 'string' || !isTimezone(value)) {
    faults.invalid(field, 'must be an IANA time zone such as Asia/Kolkata', shown(value));
  }
  return value;
};

export const readLanguage: Reader = (value, field, { faults, shown }) => {
  if (typeof value !== 'string' || !isLanguage(value)) {
    faults.invalid(field, 'must be a BCP 47 language tag such as en-IN', shown(value));
  }
  return value;
};

function isTimezone(value: string): boolean {
  if (!IANA_NAME.test(value)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

function isLanguage(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
