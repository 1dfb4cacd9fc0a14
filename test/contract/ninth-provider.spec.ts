import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckoutCopy, type Ended } from '../support/ninth-provider/checkout-copy';
import { listedFiles, shownAdditions, withAddition } from '../support/ninth-provider/guide';

const FILES = join(__dirname, '../support/ninth-provider');
const GUIDE = readFileSync(join(__dirname, '../../docs/adding-a-provider.md'), 'utf8');
const WORD = 'src/common/provider-name.ts';
/** A made-up vendor, all of it. */
const FOLDER = ['answer', 'client', 'credentials', 'webhook', 'adapter'].map(
  (kind) => `src/providers/adapters/fabula/fabula.${kind}.ts`,
);
const SIMULATED = 'src/simulator/fabula/fabula.vendor.ts';

/** What covers a provider without knowing it, and what judges the sources. */
const SUITE = [
  'test/contract/adapters.spec.ts',
  'src/providers/adapters/registry.spec.ts',
  'test/architecture/layers.spec.ts',
  'test/architecture/file-rules.spec.ts',
  'test/architecture/env-example.spec.ts',
  'src/simulator/imports.spec.ts',
];
/** The one check that is fabula's own: of the API. */
const API_CHECK = 'test/e2e/fabula.e2e-spec.ts';
/** Specs that speak of one vendor only. */
const SINGLE_VENDORS = ['src/providers/adapters/*/*.spec.ts', 'src/simulator/*/*.spec.ts', 'test/contract/simulator-*'];
const NAMES =
  'fabula|^names every variable|^Imports in src|^What only some files may do|^File rules|^imports of the simulator';

interface FileResult {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

interface SuiteResult {
  readonly passed: Readonly<Record<string, readonly string[]>>;
  readonly faults: string;
}

/** Runs `files` in the copy, of them the tests that `NAMES` names. */
async function runSuite(copy: CheckoutCopy, files: readonly string[]): Promise<SuiteResult> {
  const file = join(copy.scratch, 'results.json');
  const projects = ['unit', 'architecture', 'contract', 'e2e-sqlite'];
  const options = [`--testNamePattern=${NAMES}`, '--maxWorkers=2', '--json', `--outputFile=${file}`];
  const { output } = await copy.run('jest/bin/jest.js', ...files, ...options, '--selectProjects', ...projects);
  const { testResults, success } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly success: boolean;
    readonly testResults: readonly FileResult[];
  };
  const passed = testResults.map(({ name, assertionResults }) => [
    files.find((each) => name.endsWith(`/${each}`)) ?? name,
    assertionResults.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
  ]);
  const faults = success ? '' : testResults.map(({ message }) => message).join('\n') || output;
  return { passed: Object.fromEntries(passed) as SuiteResult['passed'], faults };
}

/** How the copy is compiled: again only what has changed, and without the vendors' large SDKs. */
function compilerConfig({ root, scratch }: CheckoutCopy): string {
  const file = join(scratch, 'tsconfig.json');
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: true,
      incremental: true,
      tsBuildInfoFile: join(scratch, 'tsconfig.tsbuildinfo'),
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: ['src', 'test', 'bench'].map((folder) => join(root, folder, '**/*.ts')),
    exclude: SINGLE_VENDORS.map((path) => join(root, path)),
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** The new lines of each file that has changed. @throws Error where one has lost a line */
function newLines(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Record<string, string[]> {
  const changed = [...before].filter(([path, text]) => after.get(path) !== text);
  const lines = changed.map(([path, text]) => {
    const old = text.split('\n');
    const added = (after.get(path) ?? '').split('\n').filter((line) => (line === old[0] ? void old.shift() : true));
    if (old.length > 0) throw new Error(`${path} has lost "${old[0]}"`);
    return [path, added] as const;
  });
  return Object.fromEntries(lines);
}

/** In a copy of the checkout, where a provider of nobody's is added by following `docs/adding-a-provider.md`. */
describe('a ninth provider', () => {
  let copy: CheckoutCopy;
  let before: Map<string, string>;
  let added: string[];
  let after: Map<string, string>;
  let withoutLines: Ended;
  let types: Ended;
  let suite: SuiteResult;

  beforeAll(async () => {
    copy = new CheckoutCopy();
    before = copy.texts();
    const follow = (isMeant: (path: string) => boolean) => {
      const additions = shownAdditions(GUIDE).filter(({ path }) => isMeant(path));
      for (const addition of additions) copy.change(addition.path, (text) => withAddition(text, addition));
    };
    const config = compilerConfig(copy);
    added = copy.add(join(FILES, 'added'));
    follow((path) => path === WORD);
    withoutLines = await copy.run('typescript/bin/tsc', '-p', config);
    follow((path) => path !== WORD);
    after = copy.texts();

    copy.add(join(FILES, 'checks'));
    [types, suite] = await Promise.all([
      copy.run('typescript/bin/tsc', '-p', config),
      runSuite(copy, [...SUITE, API_CHECK]),
    ]);
  }, 180_000);

  afterAll(() => copy?.remove());

  it('is one folder, one word, one simulator file and the line of either; nothing else changes', () => {
    expect(newLines(before, after)).toEqual({
      [WORD]: ["  'fabula',"],
      'src/providers/adapters/registry.ts': [
        "import { fabulaAdapter } from './fabula/fabula.adapter';",
        '  fabula: fabulaAdapter,',
      ],
      'src/simulator/vendors.ts': [
        "import { FabulaVendor } from './fabula/fabula.vendor';",
        '  fabula: (context: VendorContext) => new FabulaVendor(context),',
      ],
    });
    expect([...after.keys()].filter((path) => !before.has(path)).sort()).toEqual([...FOLDER, SIMULATED].sort());
  });

  it('is what the guide lists', () => {
    expect(
      listedFiles(GUIDE)
        .map((name) => `src/providers/adapters/fabula/${name}`)
        .sort(),
    ).toEqual([...FOLDER].sort());
    expect(GUIDE).toContain(`\`${SIMULATED}\``);
    expect(added).toHaveLength(FOLDER.length + 1);
  });

  it('is missed by the compiler where its lines are missing', () => {
    expect(withoutLines.code).not.toBe(0);
    expect(withoutLines.output).toMatch(/^src\/providers\/adapters\/registry\.ts\(.*\n +Property 'fabula' is missing/m);
    expect(withoutLines.output).toMatch(/^src\/demo\/.*\n +Property 'fabula' does not exist on type 'Simulator'/m);
  });

  it('compiles with them', () => {
    expect(types).toEqual({ code: 0, output: '' });
  });

  it('is covered by the suite, which it passes', () => {
    expect(suite.faults).toBe('');
    expect(Object.keys(suite.passed).sort()).toEqual([...SUITE, API_CHECK].sort());
    for (const [file, passed] of Object.entries(suite.passed)) expect([file, passed]).not.toEqual([file, []]);
    const contract = suite.passed['test/contract/adapters.spec.ts'] ?? [];
    for (const part of ['fabula, account acc_demo routing', 'fabula, account acc_demo calls']) {
      expect(contract.filter((name) => name.startsWith(part)).length).toBeGreaterThan(10);
    }
  });
});
