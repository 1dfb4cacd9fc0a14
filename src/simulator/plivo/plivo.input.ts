import { VendorRequest } from '../core/vendor';

/** The members of a JSON body; `undefined` where it is none. Plivo's API takes JSON. */
export function membersOf({ json }: VendorRequest): Readonly<Record<string, unknown>> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return json as Record<string, unknown>;
}

export function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);
}

export function isMethod(value: unknown): value is string {
  return value === 'GET' || value === 'POST';
}

/** Booleans come as such and, from older SDKs, as words. */
export function flag(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}
