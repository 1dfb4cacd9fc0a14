/** Makes the compiler prove that a union is exhausted; reached at run time only when a value broke its type. */
export function assertUnreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}
