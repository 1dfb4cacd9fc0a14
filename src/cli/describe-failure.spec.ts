import { AppError } from '../common/errors/app-error';
import { ConfigError } from '../config/config-error';
import { CliError } from './cli-error';
import { describeFailure } from './describe-failure';

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

it.each<[string, unknown, string[]]>([
  [
    'each fault of the configuration',
    new ConfigError(['PORT is wrong', 'ROLE is wrong']),
    ['PORT is wrong', 'ROLE is wrong'],
  ],
  ['what was asked wrongly', new CliError('--expires must be in the future'), ['--expires must be in the future']],
  ['an error of the catalogue', new AppError('UNAVAILABLE'), ['Service is temporarily unavailable']],
  [
    'missing tables on MySQL',
    withCode("Table 'patchbay.account' doesn't exist", 'ER_NO_SUCH_TABLE'),
    ['The database has not been migrated: run `npm run migrate` first'],
  ],
  [
    'missing tables on SQLite',
    withCode('SqliteError: no such table: account', 'SQLITE_ERROR'),
    ['The database has not been migrated: run `npm run migrate` first'],
  ],
  [
    'a server that does not answer',
    withCode('connect ECONNREFUSED 127.0.0.1:3306', 'ECONNREFUSED'),
    ['The database cannot be reached: connect ECONNREFUSED 127.0.0.1:3306'],
  ],
  [
    'a server that answers at none of its addresses',
    Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
    ['The database cannot be reached: ECONNREFUSED'],
  ],
  [
    'a refused password',
    withCode("Access denied for user 'a'@'localhost' (using password: YES)", 'ER_ACCESS_DENIED_ERROR'),
    ["Access denied for user 'a'@'localhost' (using password: YES)"],
  ],
  ['the first line of anything else', new Error('one\ntwo'), ['one']],
  ['what is no error', 'odd', ['odd']],
  ['nothing', new Error(''), ['unknown failure']],
])('tells %s', (_what, error, lines) => {
  expect(describeFailure(error)).toEqual(lines);
});
