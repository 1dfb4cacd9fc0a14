// The floor under attach: node:http and mysql2 alone, running the statements of attach in one transaction.
// No authentication, no validation, no errors but 500, no log. Environment: DATABASE, POOL_SIZE, ACCOUNT_ID, TOKEN (compared only).
import { createServer } from 'node:http';
import mysql from 'mysql2/promise';

const { DATABASE, POOL_SIZE, ACCOUNT_ID } = process.env;
const pool = mysql.createPool({ uri: DATABASE, connectionLimit: Number(POOL_SIZE), supportBigNumbers: true });
pool.pool.on('connection', (connection) => connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'));

const SELECT_AGENT = `SELECT a.purpose, p.provider_account_id AS providerAccountId
  FROM agent a LEFT JOIN provider_account p ON p.account_id = a.account_id AND p.provider = ?
  WHERE a.agent_id = ? AND a.account_id = ? LOCK IN SHARE MODE`;
const SELECT_NUMBER = `SELECT e164, provider, purpose, agent_id AS agentId, attached_at AS attachedAt, status, reason,
  proven_at AS provenAt FROM phone_number WHERE account_id = ? AND e164 IN (?) ORDER BY e164 FOR UPDATE`;
const UPDATE_NUMBER = `UPDATE phone_number SET agent_id = ?, attached_at = ?, status = ?, reason = ?, updated_at = ?
  WHERE account_id = ? AND e164 IN (?)`;

async function attach({ agent_id: agentId, provider, numbers }) {
  const [number] = numbers;
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    await connection.execute(SELECT_AGENT, [provider, agentId, ACCOUNT_ID]);
    await connection.execute(SELECT_NUMBER, [ACCOUNT_ID, number]);
    const now = Date.now();
    await connection.execute(UPDATE_NUMBER, [agentId, now, 'active', null, now, ACCOUNT_ID, number]);
    await connection.query('COMMIT');
    return { agent_id: agentId, phone_numbers: numbers, provider, status: 'active' };
  } finally {
    connection.release();
  }
}

const server = createServer((request, response) => {
  if (request.url === '/cpu') {
    const { user, system } = process.cpuUsage();
    response.end(JSON.stringify({ cpu_us: user + system }));
    return;
  }
  if (request.url === '/nothing') {
    request.resume().on('end', () => response.end('{}'));
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      const data = await attach(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const body = JSON.stringify({ error: false, code: 200, message: 'ok', timestamp: Date.now(), data });
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
