import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = join(__dirname, '..', '..');
const GUARD = join(ROOT, 'scripts', 'guard.sh');
const READY_LIMIT_MS = 30_000;
const POLL_MS = 25;

export interface ProcessOptions {
  /** Everything the process sees besides `PATH`, `HOME` and its `PORT`. */
  readonly env: Readonly<Record<string, string>>;
  /** A free one unless given. */
  readonly port?: number;
  /** Where relative paths and a `.env` start; an empty folder of its own, removed at its end, unless given. */
  readonly cwd?: string;
  /** What node runs, from the checkout's root. */
  readonly script?: string;
  readonly args?: readonly string[];
  /** False returns at once, for a process that is to fail or to end by itself. */
  readonly waitUntilReady?: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the built service. */
export interface TestProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended, however it ended. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends the signal (SIGTERM unless told otherwise) and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<ProcessEnd>;
}

const running = new Set<TestProcess>();

// Runs after the last test of each file that imports this one.
afterAll(async () => {
  await Promise.all([...running].map((each) => each.kill('SIGKILL')));
});

/**
 * Starts `node dist/main.js` and waits for its /health/ready. It ends at the latest with the test file, even if the test
 * runner is killed.
 * @throws Error with its output when it ends or takes half a minute before it is ready, or when there is no build
 */
export async function startProcess(options: ProcessOptions): Promise<TestProcess> {
  const script = join(ROOT, options.script ?? 'dist/main.js');
  if (!existsSync(script)) throw new Error(`${script} is missing: npm run build`);
  const port = options.port ?? (await freePort());
  const ownFolder = options.cwd === undefined ? await mkdtemp(join(tmpdir(), 'patchbay-test-')) : '';
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...(options.args ?? [])], {
    cwd: options.cwd ?? ownFolder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));

  const pid = await pidOf(child);
  const guard = spawn('/bin/sh', [GUARD, String(pid), ownFolder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('exit', () => guard.kill('SIGKILL'));
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  }).then(async (end) => {
    if (ownFolder) await rm(ownFolder, { recursive: true, force: true });
    return end;
  });

  const started: TestProcess = {
    url: `http://127.0.0.1:${port}`,
    port,
    pid,
    ended,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    kill(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
  running.add(started);
  void ended.then(() => running.delete(started));

  if (options.waitUntilReady ?? true) await whenReady(started);
  return started;
}

async function whenReady(started: TestProcess): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  const state: { end?: ProcessEnd } = {};
  void started.ended.then((end) => (state.end = end));
  while (!(await answersReady(started.url))) {
    const late = Date.now() > deadline;
    if (late) await started.kill('SIGKILL');
    if (late || state.end) {
      const why = late ? 'is not ready in time' : `ended (${state.end?.signal ?? state.end?.code})`;
      throw new Error(`The process ${why}:\n${started.stdout}${started.stderr}`);
    }
    await delay(POLL_MS);
  }
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
