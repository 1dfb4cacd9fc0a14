import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server on 127.0.0.1, to take the server away. */
export interface TcpProxy {
  readonly port: number;
  /** Passes nothing on, as if the server stood still; connections stay open. */
  freeze(): void;
  /** Ends every connection, and every new one at once. */
  cut(): void;
  /** The server is back. */
  restore(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Map<Socket, Socket>();
  let state: 'open' | 'frozen' | 'cut' = 'open';
  const server = createServer((inside) => {
    inside.on('error', () => inside.destroy());
    if (state === 'cut') return void inside.destroy();
    const outside = connect(target.port, target.host);
    outside.on('error', () => outside.destroy());
    pairs.set(inside, outside);
    inside.once('close', () => {
      outside.destroy();
      pairs.delete(inside);
    });
    outside.once('close', () => inside.destroy());
    inside.pipe(outside).pipe(inside);
    if (state === 'frozen') for (const socket of [inside, outside]) hold(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = () => [...pairs].flat();
  const cutAll = () => sockets().forEach((socket) => socket.destroy());

  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      state = 'frozen';
      sockets().forEach(hold);
    },
    cut() {
      state = 'cut';
      cutAll();
    },
    restore() {
      // What was held is stale to both ends by now.
      if (state === 'frozen') cutAll();
      state = 'open';
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function hold(socket: Socket): void {
  socket.unpipe();
  socket.pause();
}
