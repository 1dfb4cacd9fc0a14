import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { untilPasses } from './until-passes';

const STARTER = join(__dirname, 'own-mariadb.mjs');
const GUARD = join(__dirname, '..', '..', 'scripts', 'guard.sh');
const DATABASE = 'patchbay';
const RESTART_LIMIT_MS = 30_000;

interface Started {
  readonly url: string;
  readonly program: string;
}

/** A MariaDB server that a test may freeze and kill. */
export class OwnMariadb {
  private constructor(
    private readonly starter: ChildProcess,
    private readonly server: Started,
    private readonly args: readonly string[],
    private pid: number,
  ) {}

  /** @throws Error where MariaDB is not installed or does not start */
  static async start(): Promise<OwnMariadb> {
    const starter = fork(STARTER, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let output = '';
    starter.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    const server = await new Promise<Started>((resolve, reject) => {
      starter.once('message', (message) => resolve(message as Started));
      starter.once('exit', () => reject(new Error(`MariaDB did not start:\n${output}`)));
    });
    const { args, pid } = await query(server.url, async (connection) => {
      await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
      const [rows] = await connection.query('SELECT @@datadir, @@socket, @@pid_file, @@log_error, @@port');
      const [variables] = rows as [Record<string, string>];
      return {
        args: Object.entries(variables).map(([name, value]) => `--${name.slice(2).replaceAll('_', '-')}=${value}`),
        pid: Number(await readFile(variables['@@pid_file'] ?? '', 'utf8')),
      };
    });
    return new OwnMariadb(starter, server, args, pid);
  }

  /** As a `DATABASE_URL`; the database is empty at first. */
  get url(): string {
    return `${this.server.url}/${DATABASE}`;
  }

  /** It keeps its connections and takes new ones, but answers nothing. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** As a power cut would: nothing is written any more. */
  kill(): void {
    process.kill(this.pid, 'SIGKILL');
  }

  /** Starts it again after `kill`, at the same address and on the same files. */
  async restart(): Promise<void> {
    const fixed = ['--no-defaults', '--bind-address=127.0.0.1', '--skip-name-resolve', '--skip-log-bin'];
    const args = [...fixed, `--user=${userInfo().username}`, ...this.args];
    const server = spawn(this.server.program, args, { stdio: 'ignore' });
    this.pid = server.pid ?? 0;
    const guard = spawn('/bin/sh', [GUARD, String(this.pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    server.once('exit', () => guard.kill('SIGKILL'));
    await untilPasses(() => query(this.server.url, (connection) => connection.ping()), RESTART_LIMIT_MS);
  }

  /** Ends it and removes its files. */
  async stop(): Promise<void> {
    this.kill();
    const ended = new Promise((resolve) => this.starter.once('exit', resolve));
    this.starter.disconnect();
    await ended;
  }
}

async function query<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url, connectTimeout: 1_000 });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
