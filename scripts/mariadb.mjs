// Starts a MariaDB server of its own, in a temporary folder, for tests and benchmarks.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';

const HOST = '127.0.0.1';
const USERNAME = 'patchbay';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
/** A port may be taken by somebody else between our looking and the server's binding. */
const START_TRIES = 3;
/** The kernel allows 107 bytes for the path of a Unix socket. */
const LONGEST_TMPDIR = 60;

/** Where the two programs are, or `null`. Debian keeps the server out of the PATH of ordinary users. */
export function findMariadb() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/libexec'];
  const find = (name) =>
    folders
      .filter(Boolean)
      .map((folder) => join(folder, name))
      .find(isExecutable);
  const server = find('mariadbd');
  const install = find('mariadb-install-db');
  return server && install ? { server, install } : null;
}

/**
 * Starts a server that answers on a free port of 127.0.0.1 to one user with every right and a random password.
 * Commits are durable. `options` are further arguments of mariadbd, which win over the ones here. The caller calls
 * `stop`; should it die without, the server and the folder go all the same.
 * @returns {Promise<{url: string, host: string, port: number, username: string, password: string, version: string, stop: () => Promise<void>}>}
 * @throws when MariaDB is not installed, does not start, or `signal` is aborted
 */
export async function startMariadb({ options = [], signal } = {}) {
  const programs = findMariadb();
  if (!programs) throw new Error('mariadbd and mariadb-install-db are not installed');
  const folder = mkdtempSync(join(tmpdir().length > LONGEST_TMPDIR ? '/tmp' : tmpdir(), 'patchbay-mariadb-'));
  try {
    await install(programs.install, folder, signal);
    return await startServer(programs.server, folder, options, signal);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The version that the server of a `mysql://` URL reports; throws the driver's error where it cannot be reached or used. */
export async function serverVersion(url) {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return rows[0].version;
  } finally {
    connection.destroy();
  }
}

/** Has `pid` (a process group where it is negative) ended and `folder` removed when this process is gone. */
export function guard(pid, folder = '') {
  const script = fileURLToPath(new URL('guard.sh', import.meta.url));
  const child = spawn('/bin/sh', [script, String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  child.stdin.unref();
  child.stdin.on('error', () => {});
  return { dismiss: () => void child.kill('SIGKILL') };
}

async function install(program, folder, signal) {
  const child = spawn(
    program,
    [
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--user=${userInfo().username}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const watch = guard(-child.pid, folder);
  const abort = () => killGroup(child.pid, 'SIGTERM');
  signal?.addEventListener('abort', abort);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  signal?.removeEventListener('abort', abort);
  watch.dismiss();
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`mariadb-install-db failed:\n${output.trim()}`);
}

async function startServer(program, folder, options, signal) {
  const password = randomBytes(18).toString('base64url');
  const initFile = join(folder, 'init.sql');
  // A server that runs as root must not be open to every local user, so its root accounts go before it listens.
  writeFileSync(
    initFile,
    [
      `CREATE USER IF NOT EXISTS '${USERNAME}'@'${HOST}' IDENTIFIED BY '${password}';`,
      `GRANT ALL PRIVILEGES ON *.* TO '${USERNAME}'@'${HOST}' WITH GRANT OPTION;`,
      "DELETE FROM mysql.global_priv WHERE User = 'root';",
      'FLUSH PRIVILEGES;',
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const url = `mysql://${USERNAME}:${password}@${HOST}:${port}`;
    const server = launch(program, folder, [...serverArguments(folder, port, initFile), ...options]);
    try {
      const version = await whenAnswering(url, server, signal);
      return { url, host: HOST, port, username: USERNAME, password, version, stop: server.stop };
    } catch (error) {
      const log = readLog(folder);
      await server.stop({ keepFolder: true });
      signal?.throwIfAborted();
      if (tries < START_TRIES && /address already in use|bind on TCP/i.test(log)) continue;
      throw new Error(`mariadbd did not start: ${error.message}\n${log}`);
    }
  }
}

function serverArguments(folder, port, initFile) {
  return [
    '--no-defaults',
    `--user=${userInfo().username}`,
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${folder}`,
    `--socket=${join(folder, 'server.sock')}`,
    `--pid-file=${join(folder, 'server.pid')}`,
    `--log-error=${join(folder, 'error.log')}`,
    `--init-file=${initFile}`,
    `--port=${port}`,
    `--bind-address=${HOST}`,
    '--skip-name-resolve',
    '--skip-log-bin',
    '--character-set-server=utf8mb4',
    '--max-connections=500',
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-buffer-pool-size=64M',
    '--innodb-buffer-pool-dump-at-shutdown=OFF',
    '--innodb-buffer-pool-load-at-startup=OFF',
    '--innodb-log-file-size=48M',
  ];
}

function launch(program, folder, args) {
  // Detached, or Ctrl-C would reach the server before the tests that still use it.
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  const watch = guard(child.pid, folder);
  const state = { ended: null };
  const ended = new Promise((resolve) => {
    const onEnd = (reason) => {
      state.ended = reason;
      resolve();
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(`it exited (${signal ?? code})`));
  });

  async function end(keepFolder) {
    if (state.ended === null) {
      child.kill('SIGTERM');
      await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
      if (state.ended === null) child.kill('SIGKILL');
      await ended;
    }
    watch.dismiss();
    if (!keepFolder) rmSync(folder, { recursive: true, force: true });
  }
  let ending;
  return {
    hasEnded: () => state.ended,
    stop: ({ keepFolder = false } = {}) => (ending ??= end(keepFolder)),
  };
}

async function whenAnswering(url, server, signal) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (server.hasEnded() !== null) throw new Error(server.hasEnded());
    try {
      return await serverVersion(url);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(50);
  }
}

function readLog(folder) {
  try {
    return readFileSync(join(folder, 'error.log'), 'utf8').split('\n').slice(-20).join('\n').trim();
  } catch {
    return '';
  }
}

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already.
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
