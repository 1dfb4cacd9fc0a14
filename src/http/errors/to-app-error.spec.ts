import {
  BadRequestException,
  ForbiddenException,
  InternalServerErrorException,
  NotFoundException,
} from '@nestjs/common';
import { AppError } from '../../common/errors/app-error';
import { toAppError } from './to-app-error';

const httpError = (status: number, members: object = {}) =>
  Object.assign(new Error('of the parser'), { status, expose: status < 500, ...members });

describe('toAppError', () => {
  it('passes an AppError on', () => {
    const error = new AppError('NUMBER_EXISTS');
    expect(toAppError(error)).toBe(error);
  });

  it.each([
    ['a route that is not there', new NotFoundException('Cannot GET /x'), 404, 'ROUTE_NOT_FOUND'],
    ['a bad escape in the path', new BadRequestException('Failed to decode param'), 400, 'MALFORMED_REQUEST'],
    ['a guard that says no', new ForbiddenException(), 400, 'MALFORMED_REQUEST'],
    ['a failure inside Nest', new InternalServerErrorException(), 500, 'INTERNAL'],
    ['a large body', httpError(413, { type: 'entity.too.large' }), 413, 'PAYLOAD_TOO_LARGE'],
    ['an unknown encoding', httpError(415, { type: 'encoding.unsupported' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an unknown charset', httpError(415, { type: 'charset.unsupported' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a caller that went away', httpError(400, { type: 'request.aborted' }), 400, 'MALFORMED_REQUEST'],
    ['a length that is wrong', httpError(400, { type: 'request.size.invalid' }), 400, 'MALFORMED_REQUEST'],
    ['a parser error without a type', httpError(400), 400, 'MALFORMED_REQUEST'],
    ['a status that is not meant for the caller', httpError(500), 500, 'INTERNAL'],
    ['an exposed error without a status', Object.assign(new Error('x'), { expose: true }), 500, 'INTERNAL'],
    ['an exposed status that is no client error', Object.assign(httpError(502), { expose: true }), 500, 'INTERNAL'],
    ['an unreachable database', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 503, 'UNAVAILABLE'],
    ['a bug', new TypeError('x is undefined'), 500, 'INTERNAL'],
    ['what is not an error', 'thrown text', 500, 'INTERNAL'],
    ['nothing', undefined, 500, 'INTERNAL'],
  ])('answers %s', (_what, thrown, status, reason) => {
    expect(toAppError(thrown)).toMatchObject({ status, reason });
  });

  it('keeps the cause for the log and tells nothing of it', () => {
    const bug = new Error('SELECT secret');
    const error = toAppError(bug);
    expect(error.cause).toBe(bug);
    expect(error.message).toBe('Internal server error');
  });

  it('says when to come back to an unreachable database', () => {
    expect(toAppError(Object.assign(new Error('x'), { code: 'ETIMEDOUT' })).retryAfterS).toBe(1);
  });
});
