import { Logger, type ArgumentsHost } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error';
import { AppExceptionFilter } from './app-exception.filter';

const NOW = 1_764_000_000_000;

function answer(thrown: unknown, headersSent = false) {
  const headers: Record<string, string> = {};
  const response = {
    headersSent,
    statusCode: 200,
    setHeader: (name: string, value: string) => (headers[name] = value),
    end: jest.fn<void, [string]>(),
    destroy: jest.fn(),
  };
  const host = {
    switchToHttp: () => ({ getRequest: () => ({ id: 'req-1' }), getResponse: () => response }),
  } as unknown as ArgumentsHost;
  new AppExceptionFilter({ now: () => NOW }).catch(thrown, host);
  return { response, headers };
}

describe('AppExceptionFilter', () => {
  const error = jest.spyOn(Logger.prototype, 'error').mockImplementation();
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  beforeEach(() => jest.clearAllMocks());

  it('sends the envelope with its status', () => {
    const { response, headers } = answer(new AppError('NUMBER_EXISTS'));
    expect(response.statusCode).toBe(409);
    expect(headers).toEqual({ 'Content-Type': 'application/json; charset=utf-8' });
    expect(JSON.parse(response.end.mock.calls[0]?.[0] ?? '')).toEqual({
      error: true,
      code: 409,
      message: 'Phone number is already registered',
      timestamp: NOW,
      data: { reason: 'NUMBER_EXISTS', request_id: 'req-1', details: [] },
    });
  });

  it("does not log what is the caller's fault", () => {
    answer(new AppError('VALIDATION_FAILED'));
    expect(error).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it('logs the cause of a failure with the request id, and none of its other members', () => {
    const bug = Object.assign(new Error('boom'), { parameters: ['s3cret'], body: '{"token":"s3cret"}' });
    answer(bug);
    expect(error).toHaveBeenCalledTimes(1);
    const logged = JSON.stringify(error.mock.calls);
    expect(logged).toContain('"request_id":"req-1"');
    expect(logged).toContain('boom');
    expect(logged).not.toContain('s3cret');
  });

  it('warns of what it could not serve', () => {
    answer(new AppError('PROVIDER_UNAVAILABLE', { cause: new Error('connect ETIMEDOUT') }));
    expect(error).not.toHaveBeenCalled();
    expect(JSON.stringify(warn.mock.calls)).toContain('connect ETIMEDOUT');
  });

  it.each([
    [new AppError('UNAVAILABLE'), '1'],
    [new AppError('UNAVAILABLE', { retryAfterS: 30 }), '30'],
    [new AppError('PROVIDER_UNAVAILABLE', { retryAfterS: 0.2 }), '1'],
    [new AppError('PROVIDER_UNAVAILABLE'), undefined],
  ])('sends Retry-After where there is one', (thrown, expected) => {
    expect(answer(thrown).headers['Retry-After']).toBe(expected);
  });

  it('breaks off an answer that has begun', () => {
    const { response } = answer(new Error('late'), true);
    expect(response.destroy).toHaveBeenCalledTimes(1);
    expect(response.end).not.toHaveBeenCalled();
  });
});
