// Attach of one number, 32 clients, durable commit: against the floor, in alternating rounds of one run.
import mysql from 'mysql2/promise';
import { load, median, POOL_SIZE, startFloor, summaryOfRates } from './support.mjs';

const ROUNDS = 5;
const NUMBERS = 4_000;

export async function attachOne({ database, service, token, accountId, seconds }) {
  const api = apiOf(service.url, token);
  await api('PUT', '/api/provider/san', { credentials: {} });
  const agents = [];
  for (const agent_name of ['bench one', 'bench two']) {
    agents.push((await api('POST', '/api/agent', { agent_name })).agent_id);
  }
  await fillNumbers(database.url, accountId, NUMBERS);
  const floor = await startFloor('attach-floor.mjs', {
    ...{ DATABASE: database.url, POOL_SIZE: String(POOL_SIZE), ACCOUNT_ID: accountId },
  });
  try {
    const nextBody = alternating(agents);
    const run = (program, length, path = '/api/agent/attach-phone-number') =>
      load({ ...program, path, headers: { token }, nextBody, seconds: length });
    await run(floor, 2);
    await run(service, 3);
    const nothing = await run(floor, seconds, '/nothing');
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ floor: await run(floor, seconds), ours: await run(service, seconds) });
    }
    return { ...summary(rounds), node_http_cpu_us: Math.round(nothing.cpuPerRequestUs) };
  } finally {
    await floor.stop();
  }
}

function summary(rounds) {
  const middle = (pick) => Math.round(median(rounds.map(pick)));
  return { ...summaryOfRates(rounds), p50_ms: middle(({ ours }) => ours.p50), p99_ms: middle(({ ours }) => ours.p99) };
}

/** Every request moves its number to the other agent, so that each one writes. */
function alternating(agents) {
  let count = 0;
  return () => {
    const turn = count++;
    return JSON.stringify({
      agent_id: agents[Math.floor(turn / NUMBERS) % 2],
      provider: 'san',
      numbers: [numberAt(turn % NUMBERS)],
      reassign: true,
    });
  };
}

export const numberAt = (index) => `+9180${String(10_000_000 + index)}`;

export async function fillNumbers(url, accountId, count) {
  const connection = await mysql.createConnection({ uri: url });
  const now = Date.now();
  const batch = 5_000;
  for (let start = 0; start < count; start += batch) {
    const rows = Array.from({ length: Math.min(batch, count - start) }, (_, index) => [
      ...[accountId, numberAt(start + index), 'san', 'IN', 'inactive', 0, 0, 0, 0, now, now, now],
    ]);
    await connection.query(
      `INSERT INTO phone_number (account_id, e164, provider, country, status, active_calls, route_generation,
         confirmed_generation, route_attempts, proven_at, created_at, updated_at) VALUES ?`,
      [rows],
    );
  }
  await connection.end();
}

export function apiOf(url, token) {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { token, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
}
