import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, fetch } from 'undici';
import { PRIVATE_ADDRESS, publicLookup } from './public-lookup';

describe('publicLookup', () => {
  let server: Server;

  beforeAll(async () => {
    server = createServer((_request, response) => void response.end('inside'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('keeps a connection from a name that resolves to this machine', async () => {
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const open = new Agent();
    const guarded = new Agent({ connect: { lookup: publicLookup } });
    expect(await (await fetch(url, { dispatcher: open })).text()).toBe('inside');
    const failure: unknown = await fetch(url, { dispatcher: guarded }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: { code: PRIVATE_ADDRESS } });
    await Promise.all([open.destroy(), guarded.destroy()]);
  });

  it.each([{}, { all: true }, { family: 4 }])('fails a private name when asked with %j', async (options) => {
    const error = await new Promise((resolve) => publicLookup('localhost', options, resolve));
    expect(error).toMatchObject({ code: PRIVATE_ADDRESS });
  });
});
