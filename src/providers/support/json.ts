export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is a non-empty text, or `null`; vendors write "not set" as `null`, as `""` and by leaving it out. */
export function textOrNull(record: JsonRecord, member: string): string | null {
  const value = record[member];
  return typeof value === 'string' && value !== '' ? value : null;
}
