import { AppError } from '../../common/errors/app-error';
import { errorBody, successBody } from './envelope';

const NOW = 1_764_000_000_000;
const detail = (value: unknown) => {
  const error = new AppError('VALIDATION_FAILED', { details: [{ field: 'f', message: 'f is bad', value }] });
  return errorBody(error, 'r', NOW).data.details[0];
};

describe('successBody', () => {
  it('has the five members', () => {
    expect(successBody(201, 'Made', { id: 1 }, NOW)).toStrictEqual({
      error: false,
      code: 201,
      message: 'Made',
      timestamp: NOW,
      data: { id: 1 },
    });
  });
});

describe('errorBody', () => {
  it('has the five members, and the reason, request id and details as data', () => {
    const error = new AppError('AGENT_NOT_FOUND', { cause: new Error('secret') });
    expect(errorBody(error, 'req-1', NOW)).toStrictEqual({
      error: true,
      code: 404,
      message: 'Agent not found',
      timestamp: NOW,
      data: { reason: 'AGENT_NOT_FOUND', request_id: 'req-1', details: [] },
    });
  });

  it("takes the error's own status and message", () => {
    const error = new AppError('PROVIDER_UNAVAILABLE', { status: 504, message: 'Too slow' });
    expect(errorBody(error, 'r', NOW)).toMatchObject({ code: 504, message: 'Too slow' });
  });

  it('tells a failed validation by its first fault', () => {
    const details = [
      { field: 'a', message: 'a is required' },
      { field: 'b', message: 'b is required' },
    ];
    expect(errorBody(new AppError('VALIDATION_FAILED', { details }), 'r', NOW).message).toBe('a is required');
    expect(errorBody(new AppError('VALIDATION_FAILED', { details, message: 'Own' }), 'r', NOW).message).toBe('Own');
    expect(errorBody(new AppError('VALIDATION_FAILED'), 'r', NOW).message).toBe('Validation failed');
    expect(errorBody(new AppError('NUMBER_EXISTS', { details }), 'r', NOW).message).not.toBe('a is required');
  });

  it.each([
    ['a short text', 'x', 'x'],
    ['100 characters', 'x'.repeat(100), 'x'.repeat(100)],
    ['101 characters', 'x'.repeat(101), 'x'.repeat(100)],
    ['a pair across the cut', `${'x'.repeat(99)}😀`, 'x'.repeat(99)],
    ['a pair before the cut', `${'x'.repeat(98)}😀y`, `${'x'.repeat(98)}😀`],
    ['a lone surrogate', 'a\ud800', 'a\ufffd'],
    ['a number', 7, 7],
    ['false', false, false],
    ['null', null, null],
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['a long array', Array.from({ length: 99 }, () => 1), `[${'1,'.repeat(49)}1`],
  ])('shows %s', (_what, given, shown) => {
    expect(detail(given)).toStrictEqual({ field: 'f', message: 'f is bad', value: shown });
  });

  it('leaves out a value that is not given', () => {
    expect(detail(undefined)).toStrictEqual({ field: 'f', message: 'f is bad' });
  });

  it('survives a value that cannot be written as JSON', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(detail(circle)).toMatchObject({ value: '' });
  });
});
