// Attach of 1,000 numbers: statements counted by the server, and time against one number's, one client.
import mysql from 'mysql2/promise';
import { apiOf, fillNumbers, numberAt } from './attach-one.mjs';
import { median } from './support.mjs';

const BATCH = 1_000;
const ROUNDS = 25;

export async function attachThousand({ database, service, token, accountId }) {
  const api = apiOf(service.url, token);
  await api('PUT', '/api/provider/san', { credentials: {} });
  const agents = [];
  for (const agent_name of ['bench one', 'bench two']) {
    agents.push((await api('POST', '/api/agent', { agent_name })).agent_id);
  }
  await fillNumbers(database.url, accountId, BATCH);
  const all = Array.from({ length: BATCH }, (_, index) => numberAt(index));
  const times = { one: [], thousand: [] };
  const counts = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, numbers] of [
      ['one', [all[0]]],
      ['thousand', all],
    ]) {
      const body = { agent_id: agents[round % 2], provider: 'san', numbers, reassign: true };
      const statements = await statementsDuring(database.url, async () => {
        const startedAt = performance.now();
        await api('POST', '/api/agent/attach-phone-number', body);
        times[name].push(performance.now() - startedAt);
      });
      // The least of all rounds: others are disturbed by the worker's look for due numbers.
      counts[name] = Math.min(counts[name] ?? Infinity, statements);
    }
  }
  const one = median(times.one);
  const thousand = median(times.thousand);
  return {
    one_ms: Number(one.toFixed(2)),
    thousand_ms: Number(thousand.toFixed(2)),
    times_of_one: Number((thousand / one).toFixed(2)),
    statements_one: counts.one,
    statements_thousand: counts.thousand,
  };
}

/** Statements that the server received meanwhile, less the two questions that count them. */
async function statementsDuring(url, work) {
  const connection = await mysql.createConnection({ uri: url });
  const questions = async () => {
    const [[row]] = await connection.query("SHOW GLOBAL STATUS LIKE 'Questions'");
    return Number(row.Value);
  };
  const before = await questions();
  await work();
  const counted = (await questions()) - before - 1;
  await connection.end();
  return counted;
}
