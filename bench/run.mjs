// npm run bench [-- attach-one attach-thousand list-pages inbound-answer start] [--json] [--seconds N]
// Measures on a MariaDB of its own with durable commits. Ratios are taken within one run, since machines differ and vary.
import { parseArgs } from 'node:util';
import { startMariadb } from '../scripts/mariadb.mjs';
import { attachOne } from './attach-one.mjs';
import { attachThousand } from './attach-thousand.mjs';
import { inboundAnswer } from './inbound-answer.mjs';
import { listPages } from './list-pages.mjs';
import { createDatabase, createToken, MARIADB_OPTIONS, median, startService } from './support.mjs';
import { startTwilio } from './twilio.mjs';

const BENCHES = {
  'attach-one': attachOne,
  'attach-thousand': attachThousand,
  'list-pages': listPages,
  'inbound-answer': inboundAnswer,
  start,
};
/** What a bench has around the service: an environment for it, and how to stop it. */
const SURROUNDINGS = { 'inbound-answer': startTwilio };
const NOTHING_AROUND = () => ({ env: {}, stop: () => {} });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '8' } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = chosen.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(1);
}

/** From the start of the process to the first 200 of /health/ready, on a migrated database. */
async function start({ database }) {
  const times = [];
  for (let turn = 0; turn < 5; turn++) {
    const service = await startService(database.env);
    times.push(service.startedMs);
    await service.stop();
  }
  return { start_to_ready_ms: Math.round(median(times)) };
}

async function runOne(name, server) {
  const database = await createDatabase(server.url);
  const surroundings = await (SURROUNDINGS[name] ?? NOTHING_AROUND)();
  try {
    return await runWithin(surroundings, name, { ...database, env: { ...database.env, ...surroundings.env } });
  } finally {
    await surroundings.stop();
  }
}

async function runWithin(surroundings, name, database) {
  const prepared = await startService(database.env);
  await prepared.stop();
  const { token, account_id: accountId } = createToken(database.env);
  const service = await startService(database.env);
  const seconds = Number(values.seconds);
  try {
    const figures = await BENCHES[name]({ database, service, token, accountId, seconds, surroundings });
    return { ...figures, rss_after_mib: Math.round(service.rssMib()) };
  } finally {
    await service.stop();
  }
}

const server = await startMariadb({ options: MARIADB_OPTIONS });
const results = {};
try {
  for (const name of chosen) {
    if (!values.json) process.stdout.write(`${name} ...\n`);
    results[name] = await runOne(name, server);
    if (!values.json) console.table(results[name]);
  }
} finally {
  await server.stop();
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
