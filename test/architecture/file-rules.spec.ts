import {
  anyFaults,
  barrelFaults,
  defaultExportFaults,
  lengthFaults,
  nameFaults,
  silencerFaults,
} from '../support/architecture/file-rules';
import { parseModule, readModules } from '../support/architecture/source-module';

const source = readModules('src');
const everything = [...source, ...readModules('test'), ...readModules('bench')];

const file = (path: string, text = '') => [parseModule(path, text)];

describe('File rules', () => {
  it('keeps files in src under 300 lines, controllers under 150', () => {
    expect(lengthFaults(source)).toEqual([]);
  });

  it.each([
    ['src/a/a.service.ts', 300, 0],
    ['src/a/a.service.ts', 301, 1],
    ['src/a/a.controller.ts', 150, 0],
    ['src/a/a.controller.ts', 151, 1],
  ])('counts the lines of %s: %d', (path, lines, faults) => {
    expect(lengthFaults(file(path, 'x();\n'.repeat(lines)))).toHaveLength(faults);
  });

  it('has no any', () => {
    expect(anyFaults(everything)).toEqual([]);
  });

  it.each(['let x: any;', 'x as any;', 'let x: Record<string, any[]>;', 'function f(...a: any[]) {}'])(
    'finds any in %s',
    (text) => {
      expect(anyFaults(file('src/a.ts', text))).toEqual(['src/a.ts:1 any']);
    },
  );

  it('lets any be a word', () => {
    expect(anyFaults(file('src/a.ts', "// any\nexpect.any(Object); x('any');"))).toEqual([]);
  });

  it('switches no check off and leaves no work for later', () => {
    expect(silencerFaults(everything)).toEqual([]);
  });

  it.each([
    ['// eslint', 'disable-next-line no-x'],
    ['/* eslint', 'disable */'],
    ['// @ts', 'ignore'],
    ['// @ts', 'expect-error: because'],
  ])('finds %s-%s', (start, end) => {
    expect(silencerFaults(file('src/a.ts', `${start}-${end}\n`))).toHaveLength(1);
  });

  it('has no default exports but the data source of the TypeORM CLI', () => {
    expect(defaultExportFaults(everything)).toEqual([]);
  });

  it.each([
    'export default 1;',
    'export default class A {}',
    'export default function f() {}',
    'export { a as default };',
    'export = a;',
  ])('finds the default export in %s', (text) => {
    expect(defaultExportFaults(file('src/a.ts', text))).toHaveLength(1);
    expect(defaultExportFaults(file('src/database/data-source.ts', text))).toEqual([]);
  });

  it('names files kebab-case.kind.ts, three folders deep at most', () => {
    expect(nameFaults(everything)).toEqual([]);
  });

  it.each([
    ['src/auth/TokenService.ts', 1],
    ['src/auth/token_service.ts', 1],
    ['src/Auth/token.service.ts', 1],
    ['src/auth/token-.service.ts', 1],
    ['src/a/b/c/d/e.ts', 1],
    ['src/auth/token-auth.guard.spec.ts', 0],
    ['src/providers/adapters/twilio/twilio.adapter.ts', 0],
    ['src/database/migrations/1764000000000-CreateCore.ts', 0],
    ['src/auth/1764000000000-CreateCore.ts', 1],
    ['test/e2e/attach-phone-number.e2e-spec.ts', 0],
  ])('judges the name %s', (path, faults) => {
    expect(nameFaults(file(path))).toHaveLength(faults);
  });

  it('has no barrels', () => {
    expect(barrelFaults(everything)).toEqual([]);
  });

  it.each([
    ['src/auth/index.ts', 'x();', 1],
    ['src/auth/all.ts', "export * from './a';\nexport { b } from './b';", 1],
    ['src/auth/a.ts', "export { b } from './b';\nexport const c = 1;", 0],
  ])('judges whether %s is a barrel', (path, text, faults) => {
    expect(barrelFaults(file(path, text))).toHaveLength(faults);
  });
});
