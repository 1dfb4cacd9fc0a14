const swc = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2022',
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
      sourceMaps: true,
    },
  ],
};

// Vonage's SDK needs these, which are ES modules only; nothing else in node_modules is transformed.
const ES_MODULES =
  '/node_modules/(?:node-fetch|fetch-blob|data-uri-to-buffer|formdata-polyfill|@vonage/[a-z]+/node_modules/uuid)/';
const swcForEsModules = {
  [`${ES_MODULES}.+\\.js$`]: [
    '@swc/jest',
    { jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};

const base = {
  rootDir: '.',
  transform: { ...swc, ...swcForEsModules },
  transformIgnorePatterns: [`^(?!.*${ES_MODULES}).*/node_modules/`],
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'json'],
};
const onDatabase = (dialect) => ({
  ...base,
  setupFiles: [`<rootDir>/test/support/dialect-${dialect}.ts`],
});

export default {
  // Applications, processes and browsers start within a test, several at a time on two cores. (Not heeded per project.)
  testTimeout: 30_000,
  // Modules of Nest are loaded anew for every file and not all given back.
  workerIdleMemoryLimit: '800MB',
  coverageDirectory: 'coverage',
  // With the default provider swc's decorator helpers count as branches.
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/main.ts', '!src/worker.ts', '!src/cli.ts'],
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    { ...base, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    { ...base, displayName: 'contract', testMatch: ['<rootDir>/test/contract/**/*.spec.ts'] },
    { ...base, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.spec.ts'] },
    {
      ...onDatabase('sqlite'),
      displayName: 'e2e-sqlite',
      testMatch: ['<rootDir>/test/{e2e,integration}/**/*-spec.ts', '<rootDir>/test/sqlite/**/*-spec.ts'],
    },
    {
      ...onDatabase('mysql'),
      displayName: 'e2e-mysql',
      testMatch: ['<rootDir>/test/{e2e,integration}/**/*-spec.ts', '<rootDir>/test/mysql/**/*-spec.ts'],
    },
  ],
};
