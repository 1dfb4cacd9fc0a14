import { environmentFaults, httpExceptionFaults, statementFaults } from '../support/architecture/confinement-rules';
import { importFaults, unplacedFolders } from '../support/architecture/layer-rules';
import { parseModule, readModules } from '../support/architecture/source-module';

const source = readModules('src');

function imports(path: string, specifier: string) {
  return [parseModule(path, `import { x } from '${specifier}';\nx();\n`)];
}

describe('Imports in src', () => {
  it('reads the source tree', () => {
    expect(source.map(({ path }) => path)).toContain('src/common/errors/app-error.ts');
  });

  it('gives every folder a place in the order', () => {
    expect(unplacedFolders(source)).toEqual([]);
    expect(unplacedFolders([parseModule('src/billing/bill.ts', '')])).toEqual(['billing']);
  });

  it('points left only, keeps the simulator, adapters and entities apart', () => {
    expect(importFaults(source)).toEqual([]);
  });

  it.each([
    ['src/common/ids.ts', '../config/config'],
    ['src/common/ids.ts', '@nestjs/common'],
    ['src/common/errors/app-error.ts', '../../http/principal'],
    ['src/config/config.ts', '../telemetry/logger'],
    ['src/http/principal.ts', '../auth/token.service'],
    ['src/auth/token.service.ts', '../providers/provider-name'],
    ['src/phone-numbers/phone-number.ts', '../attachments/number-state'],
    ['src/attachments/attachments.service.ts', '../agents/agents.service'],
    ['src/agents/agents.module.ts', '../app.module'],
    ['src/agents/agents.module.ts', 'src/auth/auth.module'],
    ['src/agents/agents.module.ts', '../../test/support/test-app'],
    ['src/billing/bill.ts', '../cli/x'],
    ['src/database/database.ts', '../auth/token.service'],
    ['src/attachments/attachments.service.ts', '../phone-numbers/phone-number.entity'],
    ['src/app.module.ts', './agents/agent.entity'],
    ['src/simulator/simulator.ts', '../common/ids'],
    ['src/simulator/twilio/twilio.vendor.ts', '../../providers/provider-name'],
    ['src/calls/inbound.controller.ts', '../simulator/simulator'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', '../san/san.adapter'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', '../../provider-name'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', '../../../config/config'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', '@nestjs/common'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', 'typeorm'],
    ['src/providers/providers.service.ts', './adapters/twilio/twilio.adapter'],
    ['src/cli/cli.ts', '../providers/adapters/registry'],
  ])('finds that %s imports %s', (path, specifier) => {
    expect(importFaults(imports(path, specifier))).not.toEqual([]);
  });

  it.each([
    ['src/common/e164.ts', 'libphonenumber-js/core'],
    ['src/common/ids.ts', 'node:crypto'],
    ['src/app.module.ts', './agents/agents.module'],
    ['src/agents/agents.service.ts', '../attachments/attachments.service'],
    ['src/auth/token.repository.ts', './token.entity'],
    ['src/database/data-source-options.ts', '../auth/token.entity'],
    ['src/demo/demo.service.ts', '../simulator/simulator'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', '../../contract/provider-adapter'],
    ['src/providers/adapters/twilio/twilio.adapter.ts', '../../../common/e164'],
    ['src/providers/adapters/registry.ts', './twilio/twilio.adapter'],
    ['src/providers/providers.service.ts', './adapters/registry'],
    ['src/common/ids.spec.ts', '../http/principal'],
  ])('lets %s import %s', (path, specifier) => {
    expect(importFaults(imports(path, specifier))).toEqual([]);
  });

  it.each([
    "import type { X } from '../http/x';",
    "export { x } from '../http/x';",
    "export * from '../http/x';",
    "const x = require('../http/x');",
    "void import('../http/x');",
    "let x: import('../http/x').X;",
  ])('sees %s', (text) => {
    expect(importFaults([parseModule('src/common/ids.ts', text)])).toHaveLength(1);
  });
});

describe('What only some files may do', () => {
  it('reads process.env in src/config only', () => {
    expect(environmentFaults(source)).toEqual([]);
  });

  it.each([
    'x(process.env.PORT);',
    "x(process['env']);",
    'x(globalThis.process.env);',
    'const { env } = process;',
    'const { env: all } = process;',
    "import { env } from 'node:process';",
  ])('finds the environment in %s', (text) => {
    expect(environmentFaults([parseModule('src/auth/x.ts', text)])).toEqual([
      expect.stringContaining('src/auth/x.ts:1 '),
    ]);
    expect(environmentFaults([parseModule('src/config/x.ts', text)])).toEqual([]);
  });

  it("throws Nest's HTTP exceptions in src/http only", () => {
    expect(httpExceptionFaults(source)).toEqual([]);
  });

  it.each([
    "import { Injectable, NotFoundException } from '@nestjs/common';",
    "import { HttpException as E } from '@nestjs/common';",
    "import * as nest from '@nestjs/common';",
  ])('finds the exception in %s', (text) => {
    expect(httpExceptionFaults([parseModule('src/agents/x.ts', text)])).toHaveLength(1);
    expect(httpExceptionFaults([parseModule('src/http/x.ts', text)])).toEqual([]);
  });

  it('holds statements in repositories and src/database only', () => {
    expect(statementFaults(source)).toEqual([]);
  });

  it.each([
    'm.createQueryBuilder();',
    'm.getRepository(X);',
    "manager.query('SELECT 1');",
    "this.dataSource.query('SELECT 1');",
    'manager.save(x);',
    "import { InjectRepository } from '@nestjs/typeorm';",
  ])('finds the statement in %s', (text) => {
    expect(statementFaults([parseModule('src/agents/agents.service.ts', text)])).toHaveLength(1);
    expect(statementFaults([parseModule('src/agents/agents.repository.ts', text)])).toEqual([]);
  });
});
