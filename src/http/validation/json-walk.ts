import { textFault } from './text-readers';

/** The deepest nesting of objects and arrays that a body may have, itself counted as one. */
export const MAX_JSON_DEPTH = 32;

export interface JsonFault {
  readonly field: string;
  readonly what: string;
}

interface Container {
  readonly value: object;
  readonly depth: number;
  readonly parent: Container | undefined;
  readonly key: string | number;
}

/**
 * The first fault in the shape of a parsed JSON value, or `undefined`: nested deeper than `MAX_JSON_DEPTH`, a member
 * called `__proto__`, and, with `cleanStrings`, a text or member name with NUL or a lone surrogate. Walks without
 * recursion, so that no depth can exhaust the stack, and builds the name of a member only when it is at fault.
 */
export function findJsonFault(root: object, name: string, cleanStrings: boolean): JsonFault | undefined {
  const pending: Container[] = [{ value: root, depth: 1, parent: undefined, key: name }];
  for (let container = pending.pop(); container; container = pending.pop()) {
    if (container.depth > MAX_JSON_DEPTH) {
      return { field: pathOf(container.parent, undefined), what: `must not nest deeper than ${MAX_JSON_DEPTH} levels` };
    }
    const fault = findFaultIn(container, pending, cleanStrings);
    if (fault) return fault;
  }
  return undefined;
}

function findFaultIn(container: Container, pending: Container[], cleanStrings: boolean): JsonFault | undefined {
  const { value } = container;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = visit(value[index], index, container, pending, cleanStrings);
      if (fault) return fault;
    }
    return undefined;
  }
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') return { field: pathOf(container, key), what: 'is not allowed' };
    const badKey = cleanStrings ? textFault(key) : undefined;
    if (badKey) return { field: pathOf(container, key), what: `has a name that ${badKey}` };
    const fault = visit(member, key, container, pending, cleanStrings);
    if (fault) return fault;
  }
  return undefined;
}

function visit(
  value: unknown,
  key: string | number,
  parent: Container,
  pending: Container[],
  cleanStrings: boolean,
): JsonFault | undefined {
  if (typeof value === 'object' && value !== null) {
    pending.push({ value, depth: parent.depth + 1, parent, key });
  } else if (cleanStrings && typeof value === 'string') {
    const what = textFault(value);
    if (what) return { field: pathOf(parent, key), what };
  }
  return undefined;
}

function pathOf(container: Container | undefined, key: string | number | undefined): string {
  const keys: (string | number)[] = key === undefined ? [] : [key];
  for (let at = container; at; at = at.parent) keys.unshift(at.key);
  return keys.reduce<string>((path, part) => join(path, part), '');
}

function join(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return path === '' ? part : `${path}.${part}`;
}
