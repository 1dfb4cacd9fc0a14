import { requestIdOf } from './request-id';

// The middleware is proven over HTTP in src/http/edge.spec.ts.
describe('requestIdOf', () => {
  it('is the id that the request was given', () => {
    expect(requestIdOf({ id: 'req-1' })).toBe('req-1');
  });

  it('is a word where none was given', () => {
    expect(requestIdOf({})).toBe('unknown');
    expect(requestIdOf({ id: 7 })).toBe('unknown');
  });
});
