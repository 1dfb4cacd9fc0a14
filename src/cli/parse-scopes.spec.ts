import { CliError } from './cli-error';
import { parseScopes } from './parse-scopes';

it.each([
  ['*', ['*']],
  ['numbers:read', ['numbers:read']],
  ['numbers:read,numbers:write', ['numbers:read', 'numbers:write']],
  ['numbers:read numbers:write', ['numbers:read', 'numbers:write']],
  [' agents:read ,\tevents:read, ', ['agents:read', 'events:read']],
  ['calls:read,calls:read', ['calls:read']],
])('reads %j', (text, scopes) => {
  expect(parseScopes(text)).toEqual(scopes);
});

it.each(['', ' , '])('refuses %j', (text) => {
  expect(() => parseScopes(text)).toThrow(CliError);
  expect(() => parseScopes(text)).toThrow(/^--scopes names no scope; known are agents:read, .*, and \* for all$/);
});

it('names every unknown scope', () => {
  expect(() => parseScopes('numbers:read,number:write Calls:read')).toThrow(
    /^--scopes has unknown scopes: number:write, Calls:read; known are /,
  );
});
