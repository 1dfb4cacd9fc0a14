// npm test: finds or starts the databases, runs jest on them and counts. Further arguments are jest's:
//   npm test -- src/common/e164.spec.ts          npm test -- --selectProjects=e2e-mysql --testPathPatterns=attach
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, constants, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { findMariadb, guard, serverVersion, startMariadb } from './mariadb.mjs';

const JEST = join('node_modules', 'jest', 'bin', 'jest.js');
const KILL_AFTER_MS = 10_000;
/** Every worker holds a Nest application and a simulator; more of them than this only fight for memory. */
const MOST_WORKERS = 4;

/** A reason to end with that needs no stack. */
class Refusal extends Error {}

const say = (line) => process.stdout.write(`${line}\n`);
const isSet = (name) => !['', '0', undefined].includes(process.env[name]);

/** Whether the server lets this user in and make databases: `yes`, `no` with why, or `absent`. */
async function tryServer(url) {
  const database = `patchbay_test_probe_${randomBytes(6).toString('hex')}`;
  let connection;
  try {
    connection = await mysql.createConnection({ uri: url, connectTimeout: 3_000 });
    await connection.query(`CREATE DATABASE ${database}`);
    await connection.query(`DROP DATABASE ${database}`);
    return { answer: 'yes' };
  } catch (error) {
    return error.code === 'ECONNREFUSED' ? { answer: 'absent' } : { answer: 'no', why: error.message };
  } finally {
    connection?.destroy();
  }
}

async function findRunningServer() {
  for (const username of new Set(['root', userInfo().username])) {
    const url = `mysql://${encodeURIComponent(username)}@127.0.0.1:3306`;
    const { answer, why } = await tryServer(url);
    if (answer === 'yes') return url;
    if (answer === 'absent') return null;
    say(`The server on 127.0.0.1:3306 refuses: ${why}`);
  }
  return null;
}

/** Where the MySQL tests run: `{ url, description, stop }`, or `null` where there is nothing to run them on. */
async function chooseMysql(signal) {
  const given = process.env.TEST_MYSQL_URL;
  if (given) {
    const version = await serverVersion(given).catch((error) => {
      throw new Refusal(`TEST_MYSQL_URL cannot be used: ${error.message}`);
    });
    return { url: given, description: `${version} of TEST_MYSQL_URL (${new URL(given).host})`, stop: async () => {} };
  }
  const running = await findRunningServer();
  if (running) {
    return { url: running, description: `${await serverVersion(running)} on 127.0.0.1:3306`, stop: async () => {} };
  }
  if (findMariadb()) {
    const { url, version, port, stop } = await startMariadb({ signal });
    return { url, description: `${version} started for this run on 127.0.0.1:${port}`, stop };
  }
  return null;
}

function findChromium() {
  const path = process.env.CHROMIUM_PATH || '/usr/bin/chromium';
  return existsSync(path) ? path : null;
}

/** Runs jest in a process group of its own, so that nothing that a test has started outlives the run. */
async function runJest(args, env, folder, signal) {
  const child = spawn(process.execPath, [JEST, ...args], {
    detached: true,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const watch = guard(-child.pid, folder);
  const kill = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is empty.
    }
  };
  const onAbort = () => {
    kill('SIGTERM');
    void delay(KILL_AFTER_MS, undefined, { ref: false }).then(() => kill('SIGKILL'));
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  const [code, endedBy] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...end) => resolve(end));
  });
  kill('SIGKILL');
  watch.dismiss();
  return code ?? 128 + constants.signals[endedBy];
}

function workerArguments(args) {
  const chosen = args.some((arg) => /^(-w|-i|--maxWorkers|--runInBand)(=|$)/.test(arg));
  return chosen ? [] : [`--maxWorkers=${Math.min(Math.max(availableParallelism(), 2), MOST_WORKERS)}`];
}

function readCounts(file) {
  const nothing = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(file)) return nothing;
  const result = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: result.numPassedTests,
    // A file that does not even load holds no failed test, yet it failed.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

async function main(args, signal) {
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
  const skipped = [];
  let database = null;
  let counts;
  let code;
  try {
    database = await chooseMysql(signal);
    if (!database) {
      const why = 'no TEST_MYSQL_URL, no server on 127.0.0.1:3306 that lets us in, and mariadbd is not installed';
      if (isSet('REQUIRE_MYSQL')) throw new Refusal(`REQUIRE_MYSQL is set, but there is ${why}`);
      say(`MySQL tests are SKIPPED: there is ${why}`);
      skipped.push('e2e-mysql');
    }
    const chromium = findChromium();
    if (!chromium) {
      const why = `there is no Chromium at ${process.env.CHROMIUM_PATH || '/usr/bin/chromium'} (CHROMIUM_PATH)`;
      if (isSet('REQUIRE_BROWSER')) throw new Refusal(`REQUIRE_BROWSER is set, but ${why}`);
      say(`Browser tests are SKIPPED: ${why}`);
      skipped.push('browser');
    }
    say(`Databases: SQLite${database ? `; ${database.description}` : ''}`);

    const resultFile = join(folder, 'result.json');
    const env = { ...process.env, NODE_ENV: 'test' };
    if (database) env.TEST_MYSQL_URL = database.url;
    if (chromium) env.CHROMIUM_PATH = chromium;
    // Lists swallow the words that follow them: last.
    const ignored = skipped.length > 0 ? ['--ignoreProjects', ...skipped] : [];
    const jestArguments = [...args, ...workerArguments(args), '--json', `--outputFile=${resultFile}`, ...ignored];
    code = await runJest(jestArguments, env, folder, signal);
    counts = readCounts(resultFile);
  } finally {
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  signal.throwIfAborted();

  if (counts.passed + counts.failed === 0) {
    say('No test ran.');
    code ||= 1;
  }
  if (skipped.length > 0) say(`Left out for want of a server or a browser: ${skipped.join(', ')}`);
  say(`The tests took ${Math.round((performance.now() - startedAt) / 1000)} s.`);
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return code;
}

const stopping = new AbortController();
let stoppedBy = null;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    stoppedBy ??= name;
    stopping.abort(new Refusal(`Stopped by ${stoppedBy}`));
  });
}

try {
  process.exitCode = await main(process.argv.slice(2), stopping.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exitCode = stoppedBy ? 128 + constants.signals[stoppedBy] : 1;
}
