import ts from 'typescript';
import { fault, isSpec, nodesOf, type SourceModule } from './source-module';

const MAX_LINES = 300;
const MAX_CONTROLLER_LINES = 150;
const WORD = '[a-z0-9]+(?:-[a-z0-9]+)*';
/** `token.service.ts`, `main.ts`. */
const FILE_NAME = new RegExp(`^${WORD}(?:\\.${WORD})*\\.ts$`);
/** TypeORM orders migrations by the milliseconds in front. */
const MIGRATION = /^src\/database\/migrations\/\d{13}-[A-Za-z0-9-]+\.ts$/;
const DATA_SOURCE = 'src/database/data-source.ts';
/** Pieced together, so that this file may hold them. */
const SILENCERS = [
  'eslint-' + 'disable',
  '@ts-' + 'ignore',
  '@ts-' + 'expect-error',
  '@ts-' + 'nocheck',
  'TO' + 'DO',
  'FIX' + 'ME',
];

/** Files over 300 lines, 150 for a controller. */
export function lengthFaults(modules: readonly SourceModule[]): string[] {
  return modules
    .filter((module) => !isSpec(module))
    .flatMap(({ path, text }) => {
      const lines = text.replace(/\n$/, '').split('\n').length;
      const most = path.endsWith('.controller.ts') ? MAX_CONTROLLER_LINES : MAX_LINES;
      return lines > most ? [`${path} has ${lines} lines, over ${most}`] : [];
    });
}

/** Every `any`, written out. */
export function anyFaults(modules: readonly SourceModule[]): string[] {
  return modules.flatMap((module) =>
    [...nodesOf(module.syntax)]
      .filter((node) => node.kind === ts.SyntaxKind.AnyKeyword)
      .map((node) => fault(module, node, 'any')),
  );
}

/** Switched-off checks and postponed work. */
export function silencerFaults(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, text }) =>
    SILENCERS.filter((word) => new RegExp(`(?<![A-Za-z])${word}(?![A-Za-z])`).test(text)).map(
      (word) => `${path} has ${word}`,
    ),
  );
}

export function defaultExportFaults(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => path !== DATA_SOURCE)
    .flatMap((module) =>
      [...nodesOf(module.syntax)].filter(isDefaultExport).map((node) => fault(module, node, 'exports a default')),
    );
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** Files named otherwise than `kebab-case.kind.ts`, and files below `src/<feature>/<sub>/<part>/`. */
export function nameFaults(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => !MIGRATION.test(path))
    .flatMap(({ path }) => {
      const parts = path.split('/');
      const name = parts.pop() ?? '';
      const wrongFolder = parts.find((part) => !new RegExp(`^${WORD}$`).test(part));
      return [
        ...(FILE_NAME.test(name) ? [] : [`${path} is not kebab-case.kind.ts`]),
        ...(wrongFolder === undefined ? [] : [`${path}: the folder ${wrongFolder} is not kebab-case`]),
        ...(parts[0] === 'src' && parts.length > 4 ? [`${path} is too deep`] : []),
      ];
    });
}

/** Files that are called index, or that hold nothing but other files' exports. */
export function barrelFaults(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path, syntax }) => {
      const passesOn = syntax.statements.every(
        (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier,
      );
      return /(^|\/)index\.ts$/.test(path) || (passesOn && syntax.statements.length > 0);
    })
    .map(({ path }) => `${path} is a barrel`);
}
