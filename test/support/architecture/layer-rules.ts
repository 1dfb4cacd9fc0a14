import { isSpec, type ModuleImport, type SourceModule } from './source-module';

/** The folders of src from left to right; an import may only point left. Files directly in src may import them all. */
export const LAYERS = [
  'common',
  'config',
  'telemetry',
  'database',
  'http',
  'outbox',
  'events',
  'auth',
  'providers',
  'phone-numbers',
  'attachments',
  'agents',
  'webhooks',
  'calls',
  'health',
  'demo',
  'cli',
] as const;

/** Right of every layer: those two start the simulator. */
const SIMULATOR_USERS = ['demo', 'cli'];
const COMMON_PACKAGES = ['libphonenumber-js', 'ulid'];
const ADAPTER = /^src\/providers\/adapters\/([^/]+)\//;
const REGISTRY = 'src/providers/adapters/registry';

type Rule = (module: SourceModule, imported: ModuleImport) => string | null;

/** `auth` of `src/auth/x.ts`; `null` for the files directly in src. */
function folderOf(path: string): string | null {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function position(folder: string): number {
  return LAYERS.findIndex((layer) => layer === folder);
}

function isEntity(target: string): boolean {
  return target.endsWith('.entity');
}

const pointsLeft: Rule = (module, { target }) => {
  const from = folderOf(module.path);
  if (target === null || from === null || from === 'simulator') return null;
  const to = folderOf(`${target}.ts`);
  if (to === from || to === 'simulator') return null;
  // The data source has to be given the entities; they import nothing of it.
  if (from === 'database' && isEntity(target)) return null;
  if (to === null) return 'a folder imports a file directly in src';
  return position(to) < position(from) ? null : `${from} must not import ${to}`;
};

const staysInside: Rule = (_module, { specifier, target }) => {
  if (target === null) return /^(src|test|bench|dist)\//.test(specifier) ? 'imports of our own are relative' : null;
  return target.startsWith('src/') ? null : 'src imports nothing outside src';
};

const leavesSimulatorAlone: Rule = (module, { target }) => {
  const from = folderOf(module.path);
  const to = target === null ? null : folderOf(`${target}.ts`);
  if (from === 'simulator')
    return to === 'simulator' || target === null ? null : 'the simulator imports nothing of src';
  if (to !== 'simulator' || from === null || SIMULATOR_USERS.includes(from)) return null;
  return `${from} must not import the simulator`;
};

const keepsCommonPure: Rule = (module, { specifier, target }) => {
  if (folderOf(module.path) !== 'common' || target !== null || specifier.startsWith('node:')) return null;
  const isAllowed = COMMON_PACKAGES.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  return isAllowed ? null : 'common imports only Node, libphonenumber-js and ulid';
};

const keepsAdaptersApart: Rule = (module, { specifier, target }) => {
  const adapter = ADAPTER.exec(module.path)?.[1];
  if (adapter === undefined) return null;
  if (target === null) {
    return /^(@nestjs\/|typeorm$|typeorm\/)/.test(specifier) ? 'an adapter knows neither Nest nor the database' : null;
  }
  const allowed = [
    `src/providers/adapters/${adapter}/`,
    'src/providers/contract/',
    'src/providers/support/',
    'src/common/',
  ];
  return allowed.some((folder) => target.startsWith(folder))
    ? null
    : 'an adapter imports contract, support and common only';
};

const goesThroughRegistry: Rule = (module, { target }) => {
  if (target === null) return null;
  if (target === REGISTRY) {
    const isProviders = folderOf(module.path) === 'providers' && !module.path.startsWith('src/providers/adapters/');
    return isProviders ? null : 'only providers imports the registry';
  }
  const adapter = ADAPTER.exec(`${target}.ts`)?.[1];
  if (adapter === undefined || module.path === `${REGISTRY}.ts` || ADAPTER.exec(module.path)?.[1] === adapter)
    return null;
  return 'only the registry imports adapters';
};

const keepsEntitiesHome: Rule = (module, { target }) => {
  if (target === null || !isEntity(target)) return null;
  const from = folderOf(module.path);
  return from === 'database' || from === folderOf(`${target}.ts`)
    ? null
    : 'an entity is imported by its own folder only';
};

const RULES: readonly Rule[] = [
  pointsLeft,
  staysInside,
  leavesSimulatorAlone,
  keepsCommonPure,
  keepsAdaptersApart,
  goesThroughRegistry,
  keepsEntitiesHome,
];

/** Every import against the direction, one line each. Specs may reach further and are left out. */
export function importFaults(modules: readonly SourceModule[]): string[] {
  return modules
    .filter((module) => !isSpec(module))
    .flatMap((module) =>
      module.imports.flatMap((imported) =>
        RULES.map((rule) => rule(module, imported))
          .filter((what) => what !== null)
          .map((what) => `${module.path} imports ${imported.specifier}: ${what}`),
      ),
    );
}

/** Folders of src that have no place in the order. */
export function unplacedFolders(modules: readonly SourceModule[]): string[] {
  const folders = new Set(modules.map(({ path }) => folderOf(path)).filter((folder) => folder !== null));
  return [...folders].filter((folder) => folder !== 'simulator' && position(folder) === -1);
}
