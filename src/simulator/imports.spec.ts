import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const SOURCES = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(__dirname, file));

describe('imports of the simulator', () => {
  it('stay inside the simulator, or it could share a misreading with the code it is there to test', () => {
    const outside = SOURCES.flatMap((file) => {
      const specifiers = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map((match) => match[1] ?? '');
      return specifiers
        .map((specifier) => relative(__dirname, resolve(file, '..', specifier)))
        .filter((target) => target.startsWith('..'));
    });
    expect(SOURCES.length).toBeGreaterThan(20);
    expect(outside).toEqual([]);
  });
});
