/** A seed or an admin request that does not have the documented shape; answered with 400 by the admin routes. */
export class BadInput extends Error {}

export function recordOf(value: unknown, where: string, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadInput(`${where} must be an object`);
  }
  // A misspelt key would otherwise be a fault that is silently never injected.
  const unknownKey = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (unknownKey !== undefined) {
    throw new BadInput(`${where} has no member "${unknownKey}"; known: ${keys?.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

export function listOf(value: unknown, where: string): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new BadInput(`${where} must be a list`);
  return value as unknown[];
}

export function textOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new BadInput(`${where} must be a non-empty string`);
  return value;
}

export function textOr<Fallback>(value: unknown, fallback: Fallback, where: string): string | Fallback {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'string') throw new BadInput(`${where} must be a string`);
  return value;
}

export function choiceOf<const Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
  where: string,
): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new BadInput(`${where} must be one of ${choices.join(', ')}`);
  return choice;
}

export function integerOf(value: unknown, min: number, max: number, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new BadInput(`${where} must be an integer from ${min} to ${max}`);
  }
  return value;
}

export function flagOf(value: unknown, where: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw new BadInput(`${where} must be true or false`);
  return value;
}

/** E.164: '+', a country code that does not begin with 0, at most 15 digits (https://www.itu.int/rec/T-REC-E.164). */
export function e164Of(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^\+[1-9]\d{6,14}$/.test(value)) {
    throw new BadInput(`${where} must be an E.164 number`);
  }
  return value;
}
