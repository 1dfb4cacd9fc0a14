import ts from 'typescript';
import { fault, isSpec, nodesOf, type SourceModule } from './source-module';

/** What only certain files may do, however they spell it. */
interface Confinement {
  readonly allowed: (path: string) => boolean;
  readonly find: (node: ts.Node) => string | null;
}

const QUERY_METHODS = ['createQueryBuilder', 'getRepository', 'getTreeRepository', 'createQueryRunner', 'query'];

function textOf(node: ts.Node | undefined): string | null {
  return node && (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) ? node.text : null;
}

/** `x.name` and `x['name']`. */
function memberOf(node: ts.Node): { object: ts.Expression; name: string | null } | null {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, name: node.name.text };
  if (ts.isElementAccessExpression(node)) return { object: node.expression, name: textOf(node.argumentExpression) };
  return null;
}

/** Names that a declaration imports from one of the packages. */
function importedNames(node: ts.Node, packages: readonly string[]): string[] {
  if (!ts.isImportDeclaration(node) || !packages.includes(textOf(node.moduleSpecifier) ?? '')) return [];
  const bindings = node.importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings)
    ? bindings.elements.map(({ name, propertyName }) => textOf(propertyName ?? name) ?? '')
    : [];
}

function isProcess(node: ts.Node): boolean {
  return (
    textOf(node) === 'process' ||
    (memberOf(node)?.name === 'process' && textOf(memberOf(node)?.object) === 'globalThis')
  );
}

const environment: Confinement = {
  allowed: (path) => path.startsWith('src/config/') || path === 'src/simulator/main.ts',
  find(node) {
    const member = memberOf(node);
    if (member?.name === 'env' && isProcess(member.object)) return 'reads process.env';
    if (importedNames(node, ['node:process', 'process']).includes('env')) return 'imports env of process';
    const isUnpacked =
      ts.isVariableDeclaration(node) &&
      node.initializer !== undefined &&
      isProcess(node.initializer) &&
      ts.isObjectBindingPattern(node.name) &&
      node.name.elements.some(({ name, propertyName }) => textOf(propertyName ?? name) === 'env');
    return isUnpacked ? 'unpacks process.env' : null;
  },
};

const httpExceptions: Confinement = {
  allowed: (path) => path.startsWith('src/http/'),
  find(node) {
    const name = importedNames(node, ['@nestjs/common']).find((each) => each.endsWith('Exception'));
    if (name) return `imports ${name} of Nest`;
    const isNamespace =
      ts.isImportDeclaration(node) &&
      textOf(node.moduleSpecifier) === '@nestjs/common' &&
      node.importClause?.namedBindings !== undefined &&
      ts.isNamespaceImport(node.importClause.namedBindings);
    return isNamespace ? 'imports all of @nestjs/common under one name' : null;
  },
};

const statements: Confinement = {
  allowed: (path) => path.startsWith('src/database/') || path.endsWith('.repository.ts'),
  find(node) {
    if (importedNames(node, ['@nestjs/typeorm']).includes('InjectRepository')) return 'imports InjectRepository';
    if (!ts.isCallExpression(node)) return null;
    const member = memberOf(node.expression);
    if (!member) return null;
    if (textOf(member.object) === 'manager') return `calls manager.${member.name ?? '…'}()`;
    return QUERY_METHODS.includes(member.name ?? '') ? `calls ${member.name}()` : null;
  },
};

function faultsOf({ allowed, find }: Confinement, modules: readonly SourceModule[]): string[] {
  return modules
    .filter((module) => !isSpec(module) && !allowed(module.path))
    .flatMap((module) =>
      [...nodesOf(module.syntax)].flatMap((node) => {
        const what = find(node);
        return what === null ? [] : [fault(module, node, what)];
      }),
    );
}

/** Readers of the environment outside src/config and the simulator's own process. */
export const environmentFaults = (modules: readonly SourceModule[]) => faultsOf(environment, modules);

/** HTTP exceptions of Nest outside src/http. */
export const httpExceptionFaults = (modules: readonly SourceModule[]) => faultsOf(httpExceptions, modules);

/** SQL and query builders outside repositories and src/database. */
export const statementFaults = (modules: readonly SourceModule[]) => faultsOf(statements, modules);
