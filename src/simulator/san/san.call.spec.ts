import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { BadInput } from '../core/input';
import { parseSanCall, placeSanCall } from './san.call';

const NUMBERS = { from: '+919812345678', to: '+918062810341' };

describe('placeSanCall', () => {
  let server: Server;
  let base: string;
  let sockets: WebSocketServer;

  beforeEach(async () => {
    server = createServer();
    sockets = new WebSocketServer({ noServer: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('opens with the frames connected and start, counts what comes back and reports the close', async () => {
    const frames: Record<string, unknown>[] = [];
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('message', (data: Buffer) => {
          frames.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
          if (frames.length < 2) return;
          client.send('{}');
          client.send('{}');
          client.close(1013, 'no agent');
        });
      }),
    );
    expect(await placeSanCall({ url: `${base}/inbound`, ...NUMBERS })).toEqual({
      connected: true,
      http_status: 101,
      close_code: 1013,
      close_reason: 'no agent',
      frames_received: 2,
    });
    expect(frames[0]).toEqual({ event: 'connected' });
    expect(frames[1]).toMatchObject({
      event: 'start',
      callId: expect.stringMatching(/^\d+\.\d+$/) as string,
      channelId: expect.stringMatching(/^SIP\/1005-[0-9a-f]{8}$/) as string,
      mediaFormat: { encoding: 'LINEAR16', sampleRate: 8000, channels: 1 },
      ...NUMBERS,
    });
  });

  it('reports a refused upgrade', async () => {
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    expect(await placeSanCall({ url: base, ...NUMBERS })).toEqual({
      connected: false,
      http_status: 404,
      frames_received: 0,
    });
  });

  it('hangs up at the time limit when the far end stays', async () => {
    const closed = new Promise<number>((resolve) => {
      server.on('upgrade', (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (client) => client.on('close', resolve)),
      );
    });
    expect(await placeSanCall({ url: base, ...NUMBERS, timeout_ms: 100 })).toEqual({
      connected: true,
      http_status: 101,
      frames_received: 0,
    });
    expect(await closed).toBe(1000);
  });

  it('reports an upgrade that is never answered', async () => {
    const abandoned = new Promise((resolve) => {
      server.on('upgrade', (_request, socket) => socket.on('end', () => resolve(socket.destroy())).resume());
    });
    const report = await placeSanCall({ url: base, ...NUMBERS, timeout_ms: 50 });
    await abandoned;
    expect(report).toMatchObject({ connected: false, error: expect.any(String) as string });
  });

  it('reports that nobody listens', async () => {
    const report = await placeSanCall({ url: 'ws://127.0.0.1:1/', ...NUMBERS });
    expect(report).toMatchObject({ connected: false, error: expect.stringContaining('ECONNREFUSED') as string });
  });

  it.each([
    [{ ...NUMBERS, url: 'http://127.0.0.1/' }],
    [{ ...NUMBERS, url: 'ws://' }],
    [{ ...NUMBERS }],
    [{ url: 'ws://127.0.0.1/', from: '1', to: '8062810341' }],
  ])('refuses %j', (call) => {
    expect(() => parseSanCall(call)).toThrow(BadInput);
  });
});
