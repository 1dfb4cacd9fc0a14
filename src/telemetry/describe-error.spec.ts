import { describeError } from './describe-error';

describe('describeError', () => {
  it('has type, message, code and stack, and no other member', () => {
    const error = Object.assign(new TypeError('boom'), { code: 'E1', query: 'SELECT', parameters: ['s3cret'] });
    expect(describeError(error)).toStrictEqual({ type: 'TypeError', message: 'boom', code: 'E1', stack: error.stack });
  });

  it('leaves out what there is not', () => {
    const error = new Error('boom');
    delete error.stack;
    expect(describeError(Object.assign(error, { code: 7 }))).toStrictEqual({ type: 'Error', message: 'boom' });
  });

  it('follows causes, four deep', () => {
    let error = new Error('0');
    for (let depth = 1; depth < 10; depth++) error = new Error(String(depth), { cause: error });
    const messages: string[] = [];
    for (let at = describeError(error); ; at = at.cause) {
      messages.push(at.message);
      if (!at.cause) break;
    }
    expect(messages).toEqual(['9', '8', '7', '6', '5']);
  });

  it('does not repeat what was thrown without being an error', () => {
    expect(describeError('s3cret')).toStrictEqual({
      type: 'string',
      message: 'A value that is not an error was thrown',
    });
  });
});
