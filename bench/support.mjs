import { execFileSync, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import mysql from 'mysql2/promise';

export const POOL_SIZE = 20;
export const CLIENTS = 32;
export const MARIADB_OPTIONS = [
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-buffer-pool-size=1G',
  '--max-connections=200',
];

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** A fresh database on the server at `url`, and an environment in which the service uses it. */
export async function createDatabase(url) {
  const name = `patchbay_bench_${randomBytes(4).toString('hex')}`;
  const admin = await mysql.createConnection({ uri: url });
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  await admin.end();
  const database = new URL(url);
  database.pathname = `/${name}`;
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'development',
    DATABASE_URL: `${database}?pool_size=${POOL_SIZE}`,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    MIGRATE: 'on',
    DEMO: 'off',
    LOG_FORMAT: 'json',
  };
  return { url: String(database), name, env };
}

export function createToken(env) {
  const args = ['dist/cli.js', 'token', 'create', '--account', 'bench', '--scopes', '*', '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the service; `startedMs` is the time from the start of the process to the first 200 of /health/ready. */
export async function startService(env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (
    !(await fetch(`${url}/health/ready`).then(
      (r) => r.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}`);
    await delay(10);
  }
  return {
    url,
    startedMs: performance.now() - startedAt,
    cpuUs: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)[1]) * 1e6;
    },
    rssMib: () => memoryMib(child.pid, 'VmRSS'),
    peakRssMib: () => memoryMib(child.pid, 'VmHWM'),
    stop: () => stopProcess(child),
  };
}

/** Resident memory as Linux tells it: https://www.kernel.org/doc/html/latest/filesystems/proc.html */
function memoryMib(pid, name) {
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** @param program a file of `bench/floor` */
export async function startFloor(program, env) {
  const child = fork(`bench/floor/${program}`, { env: { PATH: process.env.PATH, ...env } });
  const { port } = await new Promise((resolve) => child.once('message', resolve));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    cpuUs: async () => (await (await fetch(`${url}/cpu`)).json()).cpu_us,
    stop: () => stopProcess(child),
  };
}

export function stopProcess(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

/** Runs `CLIENTS` connections for `seconds`; every request is made by `nextBody`. */
export async function load({ url, path, headers, nextBody, seconds, cpuUs }) {
  const before = await cpuUs();
  const result = await autocannon({
    url: url + path,
    method: 'POST',
    connections: CLIENTS,
    duration: seconds,
    headers: { 'content-type': 'application/json', ...headers },
    requests: [{ setupRequest: (request) => ({ ...request, body: nextBody() }) }],
  });
  const cpu = (await cpuUs()) - before;
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  const count = result['2xx'];
  return {
    rate: count / result.duration,
    cpuPerRequestUs: cpu / count,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Of rounds in which the floor and the service took turns: the middle of each figure, and of the ratios within a round. */
export function summaryOfRates(rounds) {
  const middle = (pick) => Math.round(median(rounds.map(pick)));
  const ratios = rounds.map(({ floor, ours }) => ours.rate / floor.rate);
  return {
    floor_requests_per_s: middle(({ floor }) => floor.rate),
    requests_per_s: middle(({ ours }) => ours.rate),
    ratio: Number(median(ratios).toFixed(3)),
    ratio_lowest: Number(Math.min(...ratios).toFixed(3)),
    floor_cpu_us: middle(({ floor }) => floor.cpuPerRequestUs),
    cpu_us: middle(({ ours }) => ours.cpuPerRequestUs),
  };
}
