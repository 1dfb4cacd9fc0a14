import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ConnectionDrain, DRAIN_DEADLINE_MS } from './connection-drain';

let server: Server;
let drain: ConnectionDrain;
let waiting: ServerResponse[];

beforeEach(async () => {
  waiting = [];
  server = createServer((_request, response) => waiting.push(response));
  server.keepAliveTimeout = 65_000;
  drain = new ConnectionDrain();
  drain.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  jest.useRealTimers();
  server.close();
  server.closeAllConnections();
});

const port = () => (server.address() as AddressInfo).port;

async function begin(): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect(port(), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  socket.on('error', () => undefined);
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  const arrived = once(server, 'request');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await arrived;
  return { socket, answer };
}

function shutDown(): Promise<void> {
  drain.onModuleDestroy();
  drain.beforeApplicationShutdown();
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('ConnectionDrain', () => {
  it('says that it is closing from the first hook on', () => {
    expect(drain.isClosing).toBe(false);
    drain.onModuleDestroy();
    expect(drain.isClosing).toBe(true);
  });

  it('lets a request finish, then closes its kept-alive connection', async () => {
    const { answer } = await begin();
    const closed = shutDown();
    waiting[0]?.end('done');
    await closed;
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*done/);
  });

  it('closes kept-alive connections that are idle, and ones that never sent anything', async () => {
    const agentless = request({ port: port(), host: '127.0.0.1', headers: { Connection: 'keep-alive' } }).end();
    const [response] = (await Promise.all([once(agentless, 'response'), answerNext()]))[0] as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    const mute = connect(port(), '127.0.0.1');
    await once(server, 'connection');
    await shutDown();
    await once(mute, 'close');
    expect(mute.destroyed).toBe(true);
  });

  it('ends what is still under way at the deadline', async () => {
    const { answer } = await begin();
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const closed = shutDown();
    jest.advanceTimersByTime(DRAIN_DEADLINE_MS - 1);
    expect(server.listening).toBe(false);
    expect(waiting[0]?.socket?.destroyed).toBe(false);
    jest.advanceTimersByTime(1);
    await closed;
    expect(await answer).toBe('');
  });

  it('leaves no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    await shutDown();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does nothing for a server that does not listen, or without one', () => {
    jest.useFakeTimers();
    const idle = new ConnectionDrain();
    idle.beforeApplicationShutdown();
    idle.watch(createServer());
    idle.beforeApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});

async function answerNext(): Promise<void> {
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  response.end('ok');
}
