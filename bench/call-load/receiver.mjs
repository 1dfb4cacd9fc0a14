import { createServer } from 'node:http';

/** Stands for the webhooks of all agents: takes everything, proves nothing, and keeps what came in the order it came. */
export async function startReceiver() {
  const receiver = { deliveries: 0, messages: new Set(), byCall: new Map(), lags: [], strays: [] };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      take(receiver, request.url.slice(1), Buffer.concat(chunks).toString('utf8'));
      response.writeHead(204).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
}

function take(receiver, path, body) {
  const { id, type, timestamp, data } = JSON.parse(body);
  receiver.deliveries++;
  if (!data?.call_id) {
    receiver.strays.push(type);
    return;
  }
  const isFirst = !receiver.messages.has(id);
  receiver.messages.add(id);
  if (!isFirst) return;
  receiver.lags.push(Date.now() - Date.parse(timestamp));
  const told = receiver.byCall.get(data.call_id) ?? [];
  told.push({ type, agentIndex: Number(path), agentId: data.agent_id });
  receiver.byCall.set(data.call_id, told);
}
