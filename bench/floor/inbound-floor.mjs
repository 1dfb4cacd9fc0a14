// The floor under the inbound answer: node:http, one HMAC and one mysql2 select, and the document put together from strings.
// No errors but 403, 404 and 500, no log, no metrics, and nothing is written. Environment: DATABASE, POOL_SIZE, ACCOUNT_ID,
// URL (as the vendor signs it), AUTH_TOKEN.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import mysql from 'mysql2/promise';

const { DATABASE, POOL_SIZE, ACCOUNT_ID, URL: SIGNED_URL, AUTH_TOKEN } = process.env;
const pool = mysql.createPool({ uri: DATABASE, connectionLimit: Number(POOL_SIZE), supportBigNumbers: true });

const SELECT_NUMBER = `SELECT n.e164, n.proven_at AS provenAt, n.max_concurrent_calls AS maxConcurrentCalls,
  a.agent_id AS agentId, a.status, a.connect, a.fallback, a.language, a.inbound_webhook_url AS inboundWebhookUrl
  FROM phone_number n LEFT JOIN agent a ON a.agent_id = n.agent_id
  WHERE n.account_id = ? AND n.e164 = ? AND n.provider = ?`;

function isAuthentic(signature, fields) {
  const names = [...fields.keys()].sort();
  const text = SIGNED_URL + names.map((name) => name + fields.get(name)).join('');
  const expected = createHmac('sha1', AUTH_TOKEN).update(text, 'utf8').digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function documentOf({ agentId, connect }, fields) {
  const { url } = typeof connect === 'string' ? JSON.parse(connect) : connect;
  const parameter = (name, value) => `<Parameter name="${name}" value="${value}"/>`;
  const parameters = [
    parameter('call_id', `call_${fields.get('CallSid').slice(-26)}`),
    parameter('agent_id', agentId),
    parameter('to', fields.get('To')),
    parameter('from', fields.get('From')),
  ];
  const stream = `<Stream url="${url}">${parameters.join('')}</Stream>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response><Connect>${stream}</Connect></Response>`;
}

async function answer(request, response, body) {
  const fields = new URLSearchParams(body);
  if (!isAuthentic(request.headers['x-twilio-signature'] ?? '', fields)) return response.writeHead(403).end();
  const [[row]] = await pool.execute(SELECT_NUMBER, [ACCOUNT_ID, fields.get('To'), 'twilio']);
  if (!row?.agentId) return response.writeHead(404).end();
  const document = documentOf(row, fields);
  const headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': Buffer.byteLength(document) };
  return response.writeHead(200, headers).end(document);
}

const server = createServer((request, response) => {
  if (request.url === '/cpu') {
    const { user, system } = process.cpuUsage();
    response.end(JSON.stringify({ cpu_us: user + system }));
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    answer(request, response, Buffer.concat(chunks).toString('utf8')).catch((error) =>
      response.writeHead(500).end(String(error)),
    );
  });
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
