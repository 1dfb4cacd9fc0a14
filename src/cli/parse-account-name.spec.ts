import { CliError } from './cli-error';
import { parseAccountName } from './parse-account-name';

it.each([
  ['Acme', 'Acme'],
  ['  Acme & Söhne 株式会社 ', 'Acme & Söhne 株式会社'],
  ['x'.repeat(255), 'x'.repeat(255)],
])('reads %j', (text, name) => {
  expect(parseAccountName(text)).toBe(name);
});

it.each([
  ['', '--account must not be blank'],
  [' \t', '--account must not be blank'],
  ['x'.repeat(256), '--account must have at most 255 characters'],
  ['a\u0000b', '--account must not hold control characters'],
  ['a\nb', '--account must not hold control characters'],
  ['a\ud800b', '--account must not hold control characters'],
])('refuses %j', (text, message) => {
  expect(() => parseAccountName(text)).toThrow(CliError);
  expect(() => parseAccountName(text)).toThrow(message);
});
