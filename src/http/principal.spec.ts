import type { ExecutionContext } from '@nestjs/common';
import { principalOf } from './principal';

const contextOf = (request: object) =>
  ({ switchToHttp: () => ({ getRequest: () => request }) }) as unknown as ExecutionContext;

describe('principalOf', () => {
  it('is what the guard found', () => {
    const principal = { accountId: 'acct_1', tokenId: 'tok_1', scopes: ['*'] };
    expect(principalOf(contextOf({ principal }))).toBe(principal);
  });

  it('is UNAUTHENTICATED where no guard was', () => {
    expect(() => principalOf(contextOf({}))).toThrow(expect.objectContaining({ reason: 'UNAUTHENTICATED' }) as Error);
  });
});
