import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import { readEnvironment } from './read-environment';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'patchbay-env-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

it('is the environment alone without a .env file', () => {
  expect(readEnvironment(cwd, { PORT: '1' })).toEqual({ PORT: '1' });
});

it('adds what only the .env file sets; what is really set wins, blank too', () => {
  writeFileSync(join(cwd, '.env'), '# a comment\nPORT=1\nHOST="::1" # inline\nROLE=api\n');

  expect(readEnvironment(cwd, { PORT: '2', ROLE: '' })).toEqual({ PORT: '2', HOST: '::1', ROLE: '' });
});

it('leaves process.env as it is', () => {
  writeFileSync(join(cwd, '.env'), 'PATCHBAY_ONLY_IN_FILE=1\n');

  expect(readEnvironment(cwd)).toMatchObject({ PATCHBAY_ONLY_IN_FILE: '1', PATH: process.env.PATH });
  expect(process.env).not.toHaveProperty('PATCHBAY_ONLY_IN_FILE');
});

it('reports a .env that cannot be read', () => {
  mkdirSync(join(cwd, '.env'));

  expect(() => readEnvironment(cwd, {})).toThrow(ConfigError);
  expect(() => readEnvironment(cwd, {})).toThrow(`The file ${join(cwd, '.env')} cannot be read (EISDIR)`);
});
