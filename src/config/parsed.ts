/** What reading one variable gave: a value, or everything that is wrong with it, in words that do not repeat it. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly string[] };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function faulty(...faults: readonly string[]): Parsed<never> {
  return { ok: false, faults };
}

/** The value, or `undefined` after its faults went to the list. */
export function collect<T>(result: Parsed<T>, faults: string[]): T | undefined {
  if (result.ok) return result.value;
  faults.push(...result.faults);
  return undefined;
}
