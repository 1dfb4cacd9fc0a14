// node bench/call-load.mjs [--rate 200] [--seconds 60] [--numbers 10000] [--agents 50] [--without-webhooks] [--json]
// Calls through two processes on one MariaDB, each told of at one process and ended at the other, while a receiver listens for
// all agents. Then everything is counted: it exits with 1 where a call, an event or a slot is missing. Wants a built service.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { startMariadb } from '../scripts/mariadb.mjs';
import { apiOf, numberAt } from './attach-one.mjs';
import { Caller, FALLBACK_TEXT } from './call-load/caller.mjs';
import { faultsOf } from './call-load/faults.mjs';
import { startReceiver } from './call-load/receiver.mjs';
import { atRate, percentile } from './http-load.mjs';
import { createDatabase, createToken, MARIADB_OPTIONS, startService } from './support.mjs';
import { fillAttachedNumbers, startTwilio } from './twilio.mjs';

/** The first numbers are few, much called and limited, so that the limit is met all the time. */
const BUSY_NUMBERS = 20;
const BUSY_LIMIT = 3;
const DRAIN_LIMIT_MS = 180_000;

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    numbers: { type: 'string', default: '10000' },
    agents: { type: 'string', default: '50' },
    'without-webhooks': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [rate, seconds, numbers, agents] = ['rate', 'seconds', 'numbers', 'agents'].map((name) => Number(options[name]));

async function createAgents(api, count, receiver) {
  const agentIds = [];
  for (let index = 0; index < count; index++) {
    const { agent_id: agentId } = await api('POST', '/api/agent', {
      agent_name: `agent ${index}`,
      connect: { type: 'websocket', url: `wss://agent.example/${index}` },
      fallback: { type: 'message', text: FALLBACK_TEXT },
      ...(!options['without-webhooks'] && { webhook_url: `${receiver.url}/${index}` }),
    });
    agentIds.push(agentId);
  }
  return agentIds;
}

/** @returns the milliseconds until nobody has anything to be told any more, or `null` where that does not come */
async function drained(sql) {
  const startedAt = performance.now();
  for (let waited = 0; waited < DRAIN_LIMIT_MS; waited = performance.now() - startedAt) {
    const [[{ pending }]] = await sql.query("SELECT COUNT(*) AS pending FROM outbox_message WHERE state = 'pending'");
    if (pending === 0) return waited;
    await delay(100);
  }
  return null;
}

async function measure({ database, services, receiver, twilio }) {
  const { token, account_id: accountId } = createToken(database.env);
  const api = apiOf(services[0].url, token);
  const { inbound_url: url } = await api('PUT', '/api/provider/twilio', { credentials: twilio.credentials });
  const agentIds = await createAgents(api, agents, receiver);
  const limitOf = (index) => (index < BUSY_NUMBERS ? BUSY_LIMIT : null);
  await fillAttachedNumbers({ url: database.url, accountId, count: numbers, agentIds, limitOf });

  const { account_sid: accountSid, auth_token: authToken } = twilio.credentials;
  const caller = new Caller({
    servers: services.map((service) => service.url),
    account: { url, accountSid, authToken },
    numbers: Array.from({ length: numbers }, (_, index) => ({ e164: numberAt(index), limit: limitOf(index) })),
    busyCount: BUSY_NUMBERS,
  });
  const cpuBefore = await Promise.all(services.map((service) => service.cpuUs()));
  const calls = await atRate(rate, seconds, (index) => caller.call(index));
  caller.close();

  const sql = await mysql.createConnection({ uri: database.url });
  const drainMs = await drained(sql);
  const cpuAfter = await Promise.all(services.map((service) => service.cpuUs()));
  const faults = await faultsOf({ sql, calls, receiver, agentIds, isTold: !options['without-webhooks'] });
  await sql.end();
  if (drainMs === null) faults.unshift(`There is still something to tell after ${DRAIN_LIMIT_MS / 1_000} s`);
  const processes = services.map((service, index) => ({
    cpu_us_per_call: Math.round((cpuAfter[index] - cpuBefore[index]) / calls.length),
    rss_mib: Math.round(service.rssMib()),
    peak_rss_mib: Math.round(service.peakRssMib()),
  }));
  return { figures: figuresOf({ calls, receiver, drainMs, processes }), faults };
}

function figuresOf({ calls, receiver, drainMs, processes }) {
  const rounded = (number) => Number(number.toFixed(1));
  const milliseconds = (name, latencies) => ({
    [`${name}_p50_ms`]: rounded(percentile(latencies, 0.5)),
    [`${name}_p99_ms`]: rounded(percentile(latencies, 0.99)),
    [`${name}_max_ms`]: rounded(percentile(latencies, 1)),
  });
  return {
    calls: calls.length,
    over_limit: calls.filter(({ answer }) => answer === 'fallback').length,
    ...milliseconds(
      'answer',
      calls.map(({ sentAt, answeredAt }) => answeredAt - sentAt),
    ),
    ...milliseconds(
      'status',
      calls.map(({ endSentAt, endTakenAt }) => endTakenAt - endSentAt),
    ),
    deliveries: receiver.deliveries,
    repeated_deliveries: receiver.deliveries - receiver.messages.size,
    ...milliseconds('event_to_receiver', receiver.lags),
    drain_s: drainMs === null ? null : rounded(drainMs / 1_000),
    ...Object.fromEntries(
      processes.flatMap((figures, index) =>
        Object.entries(figures).map(([name, value]) => [`process_${index + 1}_${name}`, value]),
      ),
    ),
  };
}

async function run() {
  const stops = [];
  const started = async (starting) => {
    const program = await starting;
    stops.push(() => program.stop());
    return program;
  };
  try {
    const server = await started(startMariadb({ options: MARIADB_OPTIONS }));
    const database = await createDatabase(server.url);
    const twilio = await started(startTwilio());
    const receiver = await started(startReceiver());
    database.env = { ...database.env, ...twilio.env, ALLOW_PRIVATE_URLS: 'on' };
    // One after the other, since the first one migrates.
    const services = [await started(startService(database.env)), await started(startService(database.env))];
    return await measure({ database, services, receiver, twilio });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Faults that differ in names and numbers only, together: there may be thousands. */
function kindsOf(faults) {
  const kinds = new Map();
  for (const fault of faults) {
    const kind = fault.replace(/(\+|\b(call_|CA)?)\d[0-9a-z]*\b/g, '…');
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(fault);
  }
  return kinds;
}

const { figures, faults } = await run();
if (options.json) process.stdout.write(`${JSON.stringify({ figures, faults }, null, 2)}\n`);
else console.table(figures);
for (const [kind, all] of kindsOf(faults)) process.stderr.write(`${all.length} × ${kind}, such as: ${all[0]}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
