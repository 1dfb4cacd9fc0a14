import { assertUnreachable } from './exhaustive';

describe('assertUnreachable', () => {
  it('fails loudly on a value that broke its type', () => {
    expect(() => assertUnreachable('mail' as never)).toThrow('Unreachable case: "mail"');
  });
});
