// Twilio as the benchmarks need it: a simulated vendor that proves credentials, numbers by the thousand, and its requests.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';
import mysql from 'mysql2/promise';
import { numberAt } from './attach-one.mjs';
import { postBytes } from './http-load.mjs';
import { stopProcess } from './support.mjs';

/** What providers are told, and sign; no request is ever sent there. */
const PUBLIC_URL = 'http://patchbay.test';
const BATCH = 5_000;

/** A simulator in a process of its own, and the environment in which the service believes it. */
export async function startTwilio() {
  const child = spawn(process.execPath, ['dist/simulator/main.js', '--port', '0'], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url, credentials } = await greetingOf(child);
  return {
    credentials,
    env: {
      PUBLIC_URL,
      PROVIDER_TWILIO_URL: url,
      // The numbers are in the inventory only: whoever looked for them at the vendor would find them gone.
      SYNC_INTERVAL_S: '0',
      DRIFT_INTERVAL_S: '0',
      CALL_CHECK_S: '86400',
    },
    stop: () => stopProcess(child),
  };
}

/** The simulator says where each vendor is, and in the next line which credentials it knows. */
async function greetingOf(child) {
  let url;
  for await (const line of createInterface({ input: child.stdout })) {
    if (url) return { url, credentials: JSON.parse(line) };
    url = /PROVIDER_TWILIO_URL=(\S+)/.exec(line)?.[1];
  }
  throw new Error('The simulator did not start');
}

/**
 * Numbers in the inventory, attached and settled, dealt out to the agents in turn.
 * @param limitOf how many calls at once the number of an index may have; `null` = any
 */
export async function fillAttachedNumbers({ url, accountId, count, agentIds, limitOf = () => null }) {
  const connection = await mysql.createConnection({ uri: url });
  const now = Date.now();
  for (let start = 0; start < count; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - start) }, (_, offset) => {
      const index = start + offset;
      const agentId = agentIds[index % agentIds.length];
      return [
        ...[accountId, numberAt(index), 'twilio', 'IN', limitOf(index), 0, agentId, now, 'active'],
        ...[1, 1, 0, now, now, now],
      ];
    });
    await connection.query(
      `INSERT INTO phone_number (account_id, e164, provider, country, max_concurrent_calls, active_calls, agent_id,
         attached_at, status, route_generation, confirmed_generation, route_attempts, route_confirmed_at, created_at,
         updated_at) VALUES ?`,
      [rows],
    );
  }
  await connection.end();
}

/** `CA` and 32 hexadecimal digits; another one for every number of a call. */
export function callSid(index) {
  return `CA${index.toString(16).padStart(32, '0')}`;
}

/** The question what is to become of a call. Fields: https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application */
export function callRequest({ url, authToken, accountSid, sid, from, to }) {
  return signed(url, authToken, { ...aboutCall({ accountSid, sid, from, to }), CallStatus: 'ringing' });
}

/** How a call goes. Fields: https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
export function statusRequest({ url, authToken, accountSid, sid, from, to, status, at, durationS, sequence }) {
  return signed(`${url}/status`, authToken, {
    ...aboutCall({ accountSid, sid, from, to }),
    CallStatus: status,
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(sequence),
    Timestamp: new Date(at).toUTCString().replace('GMT', '+0000'),
    ...(durationS !== undefined && { CallDuration: String(durationS), Duration: '1' }),
  });
}

function aboutCall({ accountSid, sid, from, to }) {
  const place = { City: 'SAN FRANCISCO', State: 'CA', Zip: '94105', Country: 'US' };
  const placed = (end) => Object.fromEntries(Object.entries(place).map(([name, value]) => [`${end}${name}`, value]));
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: sid,
    Direction: 'inbound',
    From: from,
    Caller: from,
    To: to,
    Called: to,
    ...placed('From'),
    ...placed('Caller'),
    ...placed('To'),
    ...placed('Called'),
  };
}

/** HMAC-SHA1 over the URL and the fields by name: https://www.twilio.com/docs/usage/security#validating-requests */
function signed(url, authToken, fields) {
  const names = Object.keys(fields).sort();
  const text = url + names.map((name) => name + fields[name]).join('');
  const headers = {
    'user-agent': 'TwilioProxy/1.1',
    accept: '*/*',
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'x-twilio-signature': createHmac('sha1', authToken).update(text, 'utf8').digest('base64'),
  };
  return postBytes(url, headers, String(new URLSearchParams(fields)));
}
