// The answer to a call (Twilio, signature on): against the floor, in alternating rounds of one run. Every request is about
// another call and another number than the thousands before it; what is written behind the answer counts as CPU of ours.
import { setTimeout as delay } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { apiOf, numberAt } from './attach-one.mjs';
import { offer, percentile, saturate } from './http-load.mjs';
import { CLIENTS, median, POOL_SIZE, startFloor, summaryOfRates } from './support.mjs';
import { callRequest, callSid, fillAttachedNumbers } from './twilio.mjs';

const ROUNDS = 5;
const NUMBERS = 20_000;
/** The load at which latencies are compared, of the rate that ours can do. */
const OFFERED_SHARE = 0.6;
/** Shares no divisor with the count of numbers, so that each comes up before one comes again. */
const STRIDE = 7_919;
/** Until the calls of a round are written; it is not measured. */
const WRITTEN_LIMIT_MS = 60_000;

export async function inboundAnswer({ database, service, token, accountId, seconds, surroundings }) {
  const { credentials } = surroundings;
  const api = apiOf(service.url, token);
  const { inbound_url: url } = await api('PUT', '/api/provider/twilio', { credentials });
  const connect = { type: 'websocket', url: 'wss://agent.example/media' };
  const { agent_id: agentId } = await api('POST', '/api/agent', { agent_name: 'bench', connect });
  await fillAttachedNumbers({ url: database.url, accountId, count: NUMBERS, agentIds: [agentId] });
  const { auth_token: authToken, account_sid: accountSid } = credentials;
  const floor = await startFloor('inbound-floor.mjs', {
    ...{ DATABASE: database.url, POOL_SIZE: String(POOL_SIZE), ACCOUNT_ID: accountId },
    ...{ URL: url, AUTH_TOKEN: authToken },
  });
  const sql = await mysql.createConnection({ uri: database.url });
  try {
    const requests = new Requests({ url, authToken, accountSid });
    await compareDocuments(requests, floor, service);
    const written = writtenCalls(sql);
    const run = async (program, load, isOurs = program === service) => {
      requests.prepare(load.count);
      const [cpu, already] = [await program.cpuUs(), await written.count()];
      const result = await (load.rate ? offer : saturate)({
        ...{ url: program.url, clients: CLIENTS, seconds, ...load },
        ...{ next: () => requests.next(), check: checkAnswer },
      });
      if (isOurs) await written.until(already + result.count);
      return { ...result, cpuPerRequestUs: ((await program.cpuUs()) - cpu) / result.count };
    };
    return await measure({ run, floor, service, seconds });
  } finally {
    await sql.end();
    await floor.stop();
  }
}

async function measure({ run, floor, service, seconds }) {
  const warm = {
    floor: await run(floor, { seconds: 2, count: 0 }),
    ours: await run(service, { seconds: 4, count: 0 }),
  };
  const enough = ({ rate }) => Math.ceil(rate * seconds * 1.5);
  const saturated = [];
  for (let round = 0; round < ROUNDS; round++) {
    saturated.push({
      floor: await run(floor, { count: enough(warm.floor) }),
      ours: await run(service, { count: enough(warm.ours) }),
    });
  }
  const rate = Math.floor(OFFERED_SHARE * median(saturated.map(({ ours }) => ours.rate)));
  const offered = [];
  for (let round = 0; round < ROUNDS; round++) {
    const load = { rate, count: rate * seconds };
    offered.push({ floor: await run(floor, load), ours: await run(service, load) });
  }
  return { ...summaryOfRates(saturated), offered_per_s: rate, ...summaryOfLatencies(offered) };
}

function summaryOfLatencies(rounds) {
  const middle = (program, share) => median(rounds.map((round) => percentile(round[program].latencies, share)));
  const ratios = rounds.map(({ floor, ours }) => percentile(ours.latencies, 0.99) / percentile(floor.latencies, 0.99));
  const rounded = (value) => Number(value.toFixed(2));
  return {
    offered_cpu_us: Math.round(median(rounds.map(({ ours }) => ours.cpuPerRequestUs))),
    floor_p50_ms: rounded(middle('floor', 0.5)),
    p50_ms: rounded(middle('ours', 0.5)),
    floor_p99_ms: rounded(middle('floor', 0.99)),
    p99_ms: rounded(middle('ours', 0.99)),
    p99_ratio: rounded(median(ratios)),
    p99_ratio_highest: rounded(Math.max(...ratios)),
  };
}

function checkAnswer({ status, body }) {
  if (status !== 200 || !body.includes('<Stream ')) throw new Error(`Answered ${status}: ${body}`);
}

/** Requests of calls that never come again, signed beforehand: what is not prepared is signed when it is sent. */
class Requests {
  made = 0;
  prepared = [];

  constructor(account) {
    this.account = account;
  }

  prepare(count) {
    this.prepared = Array.from({ length: count }, () => this.make());
  }

  next() {
    return this.prepared.pop() ?? this.make();
  }

  make() {
    const index = this.made++;
    const to = numberAt((index * STRIDE) % NUMBERS);
    const from = `+1415${String(5_550_000 + (index % 10_000))}`;
    return callRequest({ ...this.account, sid: callSid(index), from, to });
  }
}

/** The comparison is worth something only where both answer the same. */
async function compareDocuments(requests, ...programs) {
  const documents = new Set();
  const bytes = requests.next();
  for (const { url } of programs) {
    await saturate({
      ...{ url, clients: 1, seconds: 0.05, next: () => bytes },
      check: ({ body }) => documents.add(body.replace(/call_[0-9a-z]{26}/g, 'call_…')),
    });
  }
  if (documents.size !== 1) throw new Error(`The answers differ:\n${[...documents].join('\n')}`);
}

function writtenCalls(sql) {
  const count = async () => {
    const [[row]] = await sql.query('SELECT COUNT(*) AS count FROM phone_call');
    return row.count;
  };
  const until = async (wanted) => {
    const limit = performance.now() + WRITTEN_LIMIT_MS;
    let counted = await count();
    while (counted < wanted && performance.now() < limit) {
      await delay(100);
      counted = await count();
    }
    if (counted !== wanted) throw new Error(`${wanted} calls were answered, and ${counted} are written`);
  };
  return { count, until };
}
