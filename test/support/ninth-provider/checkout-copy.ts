import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const COPIED = [
  '.env.example',
  'bench',
  'docs',
  'eslint.config.mjs',
  'jest.config.mjs',
  'package.json',
  'src',
  'test',
  'tsconfig.build.json',
  'tsconfig.json',
];
/** Of files that are none of this checkout's, and so are neither compiled nor linted here. */
const ENDING = '.txt';
const LIMIT_MS = 150_000;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** The checkout's sources in a folder of their own, with the same packages. */
export class CheckoutCopy {
  private readonly folder = mkdtempSync(join(tmpdir(), 'patchbay-copy-'));
  readonly root = join(this.folder, 'checkout');
  /** A place beside it, for what tools write. */
  readonly scratch = join(this.folder, 'scratch');

  constructor() {
    mkdirSync(this.scratch);
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.root, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.root, 'node_modules'));
  }

  /** Every file's text by its path from the root. */
  texts(): Map<string, string> {
    const paths = COPIED.flatMap((name) => filesBelow(join(this.root, name)));
    return new Map(paths.map((path) => [relative(this.root, path), readFileSync(path, 'utf8')]));
  }

  change(path: string, change: (text: string) => string): void {
    const file = join(this.root, path);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }

  /** Adds the files below a folder of this checkout under the same paths, less `.txt`. @returns those paths */
  add(folder: string): string[] {
    return filesBelow(folder).map((source) => {
      const path = relative(folder, source.slice(0, -ENDING.length));
      const file = join(this.root, path);
      mkdirSync(dirname(file), { recursive: true });
      cpSync(source, file, { errorOnExist: true, force: false });
      return path;
    });
  }

  /** Runs a script of `node_modules` there. */
  run(script: string, ...args: readonly string[]): Promise<Ended> {
    const options = { cwd: this.root, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const;
    return new Promise((resolve) => {
      const all = [join(this.root, 'node_modules', script), ...args];
      const child = execFile(process.execPath, all, options, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout + stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function filesBelow(path: string): string[] {
  const names = readdirSync(dirname(path), { withFileTypes: true });
  if (names.some((entry) => entry.isFile() && join(dirname(path), entry.name) === path)) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
