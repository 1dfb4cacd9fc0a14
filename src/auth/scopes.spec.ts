import { grants, isGrantedScope, SCOPES } from './scopes';

it('knows the scopes of the documentation', () => {
  expect(SCOPES).toEqual([
    'agents:read',
    'agents:write',
    'numbers:read',
    'numbers:write',
    'providers:read',
    'providers:write',
    'calls:read',
    'calls:write',
    'events:read',
  ]);
});

it.each(['*', 'numbers:write', 'events:read'])('may grant %s', (scope) => {
  expect(isGrantedScope(scope)).toBe(true);
});

it.each(['', 'numbers', 'numbers:*', 'events:write', 'NUMBERS:READ'])('may not grant %j', (scope) => {
  expect(isGrantedScope(scope)).toBe(false);
});

it.each([
  [['numbers:write'], true],
  [['agents:read', 'numbers:write'], true],
  [['*'], true],
  [['numbers:read'], false],
  [[], false],
])('%j grants numbers:write: %s', (granted, expected) => {
  expect(grants(granted, 'numbers:write')).toBe(expected);
});
