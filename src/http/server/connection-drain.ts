import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';

/** How long requests that are under way may take to finish, in milliseconds. */
export const DRAIN_DEADLINE_MS = 10_000;

/** Node closes connections that are idle when the server closes, but not those that become idle after. */
const IDLE_CHECK_MS = 50;

/**
 * Ends connections when the application shuts down: those without a request at once, the others when their request is
 * answered, all of them at the deadline.
 */
@Injectable()
export class ConnectionDrain implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly sockets = new Set<Socket>();
  private server?: Server;
  private closing = false;

  get isClosing(): boolean {
    return this.closing;
  }

  watch(server: Server): void {
    this.server = server;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  onModuleDestroy(): void {
    this.closing = true;
  }

  beforeApplicationShutdown(): void {
    const { server } = this;
    if (!server?.listening) return;
    const idleCheck = setInterval(() => this.closeIdle(server), IDLE_CHECK_MS);
    const deadline = setTimeout(() => this.sockets.forEach((socket) => socket.destroy()), DRAIN_DEADLINE_MS);
    server.once('close', () => {
      clearInterval(idleCheck);
      clearTimeout(deadline);
    });
  }

  /** To Node a connection on which nothing was ever sent is not idle. */
  private closeIdle(server: Server): void {
    server.closeIdleConnections();
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
