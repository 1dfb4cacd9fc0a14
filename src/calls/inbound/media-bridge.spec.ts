import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { MediaBridge } from './media-bridge';

/** A vendor's side, our side with the bridge, and an agent, all on this machine. */
class Line {
  readonly vendor: WebSocket;
  readonly bridge: Promise<MediaBridge>;
  readonly agent: Promise<WebSocket>;
  readonly opened: Promise<unknown>;

  constructor(ours: WebSocketServer, agents: WebSocketServer, url = urlOf(agents), allowPrivate = true) {
    this.agent = once(agents, 'connection').then(([socket]) => socket as WebSocket);
    this.bridge = once(ours, 'connection').then(
      ([socket]) => new MediaBridge(socket as WebSocket, { url, allowPrivate }),
    );
    this.vendor = new WebSocket(urlOf(ours));
    this.opened = once(this.vendor, 'open');
  }
}

function urlOf(server: WebSocketServer): string {
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeOf(socket: WebSocket): Promise<[code: number, reason: string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error('the condition was never fulfilled');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('MediaBridge', () => {
  let ours: WebSocketServer;
  let agents: WebSocketServer;

  beforeEach(async () => {
    [ours, agents] = [new WebSocketServer({ port: 0 }), new WebSocketServer({ port: 0 })];
    await Promise.all([once(ours, 'listening'), once(agents, 'listening')]);
  });

  afterEach(async () => {
    for (const server of [ours, agents]) {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('hands on what was sent before the agent was there, in order, text as text and binary as binary', async () => {
    const line = new Line(ours, agents);
    const received: [string, boolean][] = [];
    void line.agent.then((agent) =>
      agent.on('message', (data, isBinary) => received.push([(data as Buffer).toString('hex'), isBinary])),
    );
    await line.opened;
    const audio = Buffer.from([0, 255, 128, 10, 13]);
    line.vendor.send('{"event":"connected"}');
    line.vendor.send(audio);
    line.vendor.send('é😀');
    const agent = await line.agent;
    await until(() => received.length === 3);
    expect(received).toEqual([
      [Buffer.from('{"event":"connected"}').toString('hex'), false],
      ['00ff800a0d', true],
      [Buffer.from('é😀').toString('hex'), false],
    ]);

    agent.send(audio);
    const [data, isBinary] = (await once(line.vendor, 'message')) as [Buffer, boolean];
    expect([data.equals(audio), isBinary]).toEqual([true, true]);
  });

  it.each([
    [1000, 'done'],
    [4001, 'transferred'],
  ])('passes on %i in both directions', async (code, reason) => {
    const one = new Line(ours, agents);
    const agent = await one.agent;
    await one.opened;
    one.vendor.close(code, reason);
    expect(await closeOf(agent)).toEqual([code, reason]);
    await (
      await one.bridge
    ).ended;

    const two = new Line(ours, agents);
    (await two.agent).close(code, reason);
    expect(await closeOf(two.vendor)).toEqual([code, reason]);
    await (
      await two.bridge
    ).ended;
  });

  it('tells the agent of a vendor that broke off', async () => {
    const line = new Line(ours, agents);
    const agent = await line.agent;
    await line.opened;
    line.vendor.terminate();
    expect((await closeOf(agent))[0]).toBe(1011);
  });

  it('tells the vendor of an agent that is not there', async () => {
    const line = new Line(ours, agents, 'ws://127.0.0.1:1/');
    expect(await closeOf(line.vendor)).toEqual([1014, 'the agent is not there']);
    await (
      await line.bridge
    ).ended;
  });

  it('connects no agent at a private address unless it may', async () => {
    for (const url of [urlOf(agents), urlOf(agents).replace('127.0.0.1', 'localhost')]) {
      const line = new Line(ours, agents, url, false);
      expect((await closeOf(line.vendor))[0]).toBe(1014);
    }
    expect(agents.clients.size).toBe(0);
  });

  it('does not read a side whose counterpart does not keep up, and loses nothing', async () => {
    const line = new Line(ours, agents);
    const agent = await line.agent;
    await line.opened;
    agent.pause();
    const frame = Buffer.alloc(64 * 1024, 7);
    const total = 400;
    for (let count = 0; count < total; count++) line.vendor.send(frame);
    // The vendor's own buffer is where most of it waits.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(line.vendor.bufferedAmount).toBeGreaterThan(total * frame.length * 0.3);
    let received = 0;
    agent.on('message', (data) => (received += (data as Buffer).length));
    agent.resume();
    await until(() => received >= total * frame.length);
    expect(received).toBe(total * frame.length);
  });

  it('ends both sides when it is told to', async () => {
    const line = new Line(ours, agents);
    const agent = await line.agent;
    await line.opened;
    agent.send('here');
    await once(line.vendor, 'message');
    const ends = Promise.all([closeOf(line.vendor), closeOf(agent)]);
    (await line.bridge).close('shutdown');
    expect((await ends).map(([code]) => code)).toEqual([1001, 1001]);
  });
});
