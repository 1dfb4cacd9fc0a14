import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keptSecretsKey } from './kept-secrets-key';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-key-'));
  path = join(folder, 'data', 'secrets.key');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('makes a key that only its owner may read, and nothing else', () => {
  const result = keptSecretsKey(path);

  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  expect(key).toHaveLength(32);
  expect(result).toEqual({ ok: true, value: key });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'data'))).toEqual(['secrets.key']);
});

it('reads the key that is there', () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(path, `${'A'.repeat(43)}=\n`);

  expect(keptSecretsKey(path)).toEqual({ ok: true, value: Buffer.alloc(32) });
});

it('refuses a file that holds something else, and leaves it alone', () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(path, 'nonsense');

  expect(keptSecretsKey(path)).toEqual({
    ok: false,
    faults: [`The secrets key file ${path} must hold 32 bytes in base64`],
  });
  expect(readFileSync(path, 'utf8')).toBe('nonsense');
});

it('says why when the folder is none', () => {
  writeFileSync(join(folder, 'data'), 'a file');

  expect(keptSecretsKey(path)).toEqual({
    ok: false,
    faults: [`The secrets key file ${path} can be neither read nor made (ENOTDIR); set SECRETS_KEY`],
  });
});

it('says why when the path is a folder', () => {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);

  expect(keptSecretsKey(path)).toEqual({
    ok: false,
    faults: [`The secrets key file ${path} can be neither read nor made (EISDIR); set SECRETS_KEY`],
  });
});

it('agrees on one key among processes that start at once, time and again', async () => {
  const script = `
    const swc = require('@swc/core');
    require.extensions['.ts'] = (module, file) =>
      module._compile(swc.transformFileSync(file, { module: { type: 'commonjs' }, jsc: { parser: { syntax: 'typescript' } } }).code, file);
    const { keptSecretsKey } = require(${JSON.stringify(join(__dirname, 'kept-secrets-key.ts'))});
    const [startAt, path] = process.argv.slice(1);
    const keys = Array.from({ length: 40 }, (_, round) => {
      while (Date.now() < Number(startAt) + round * 15);
      return keptSecretsKey(path + round).value.toString('base64');
    });
    process.stdout.write(keys.join());
  `;
  const startAt = String(Date.now() + 1_500);
  const runs = await Promise.all(
    Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, ['-e', script, startAt, path])),
  );

  const kept = Array.from({ length: 40 }, (_, round) => readFileSync(`${path}${round}`, 'utf8').trim());
  for (const { stdout } of runs) expect(stdout.split(',')).toEqual(kept);
  expect(readdirSync(join(folder, 'data'))).toHaveLength(40);
}, 30_000);
