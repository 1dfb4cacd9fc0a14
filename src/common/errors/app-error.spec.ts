import { AppError } from './app-error';

describe('AppError', () => {
  it('takes status and message from the catalogue', () => {
    const error = new AppError('AGENT_NOT_FOUND');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'AppError',
      reason: 'AGENT_NOT_FOUND',
      status: 404,
      message: 'Agent not found',
      details: [],
    });
    expect(error.retryAfterS).toBeUndefined();
    expect(error.cause).toBeUndefined();
  });

  it('keeps what it is given', () => {
    const cause = new Error('socket');
    const details = [{ field: 'numbers[0]', message: 'could not be looked up', value: '+918062810341' }];
    const options = { status: 504, message: 'Too slow', details, retryAfterS: 3, cause };
    expect(new AppError('PROVIDER_UNAVAILABLE', options)).toMatchObject({
      ...options,
      reason: 'PROVIDER_UNAVAILABLE',
    });
  });
});
