import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** A TypeScript file as the architecture rules see it. */
export interface SourceModule {
  /** From the checkout's root, with slashes: `src/auth/auth.module.ts`. */
  readonly path: string;
  readonly text: string;
  readonly syntax: ts.SourceFile;
  /** Everything imported, re-exported, required or imported dynamically, types too. */
  readonly imports: readonly ModuleImport[];
}

export interface ModuleImport {
  /** As written. */
  readonly specifier: string;
  /** The path from the root, without an ending, of a relative import; `null` for packages. */
  readonly target: string | null;
}

const ROOT = join(__dirname, '..', '..', '..');

/** All `.ts` files below a folder of the checkout; none where it does not exist. */
export function readModules(folder: string): SourceModule[] {
  const names = readdirSync(ROOT).includes(folder) ? readdirSync(join(ROOT, folder), { recursive: true }) : [];
  return names
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.ts'))
    .map((name) =>
      parseModule(relative(ROOT, join(ROOT, name)).split(sep).join('/'), readFileSync(join(ROOT, name), 'utf8')),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function parseModule(path: string, text: string): SourceModule {
  return {
    path,
    text,
    syntax: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS),
    imports: ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
      specifier: fileName,
      target: fileName.startsWith('.') ? posix.join(posix.dirname(path), fileName).replace(/\.[jt]s$/, '') : null,
    })),
  };
}

/** Every node of a file, depth first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  // An array first: `forEachChild` stops at the first callback that returns something.
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** `path:line what`, as a rule reports it. */
export function fault(module: SourceModule, node: ts.Node, what: string): string {
  const { line } = module.syntax.getLineAndCharacterOfPosition(node.getStart(module.syntax));
  return `${module.path}:${line + 1} ${what}`;
}

export function isSpec(module: SourceModule): boolean {
  return module.path.endsWith('.spec.ts');
}
