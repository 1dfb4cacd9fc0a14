import { findJsonFault } from './json-walk';

const nested = (levels: number, wrap: (inner: unknown) => unknown) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value as object;
};

describe('findJsonFault', () => {
  it('takes 32 levels of arrays or objects and not 33', () => {
    const array = (inner: unknown) => [inner];
    const object = (inner: unknown) => ({ a: inner });
    expect(findJsonFault(nested(32, array), 'x', true)).toBeUndefined();
    expect(findJsonFault(nested(32, object), 'x', true)).toBeUndefined();
    expect(findJsonFault(nested(33, array), 'x', true)?.what).toBe('must not nest deeper than 32 levels');
    expect(findJsonFault(nested(33, object), 'x', true)).toEqual({
      field: `x${'.a'.repeat(31)}`,
      what: 'must not nest deeper than 32 levels',
    });
  });

  it('does not exhaust the stack', () => {
    expect(
      findJsonFault(
        nested(1_000_000, (inner) => [inner]),
        '',
        false,
      ),
    ).toBeDefined();
  });

  it('names what is at fault by its path', () => {
    const body = JSON.parse('{"a":[{"b":1},{"__proto__":2}]}') as object;
    expect(findJsonFault(body, '', false)?.field).toBe('a[1].__proto__');
    expect(findJsonFault(body, 'root', false)?.field).toBe('root.a[1].__proto__');
  });

  it('minds strings only when asked', () => {
    expect(findJsonFault({ a: '\0', 'b\0': 1 }, '', false)).toBeUndefined();
    expect(findJsonFault({ a: '\0' }, '', true)).toEqual({ field: 'a', what: 'must not contain NUL' });
    expect(findJsonFault({ 'b\0': 1 }, '', true)).toEqual({
      field: 'b\0',
      what: 'has a name that must not contain NUL',
    });
  });
});
