import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer } from 'ws';
import { InboundProofService } from './inbound-proof.service';

/** RFC 6455, section 7.4.1: the purpose of the connection is fulfilled. */
const NORMAL_CLOSURE = 1000;
/** The largest frame taken in, in bytes: a PBX says hello in far less. */
const MAX_FRAME_BYTES = 64 * 1024;

/**
 * Answers the WebSockets that a PBX opens to a number's inbound URL: an authentic one proves the number and is closed
 * in good order, any other is refused before the upgrade.
 */
@Injectable()
export class InboundSocketGateway implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(InboundSocketGateway.name);
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly proof: InboundProofService,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    server?.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
  }

  onApplicationShutdown(): void {
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      const verdict = await this.proof.accept(request.url ?? '');
      if (verdict === 'unknown_number') return refuse(socket, '404 Not Found');
    } catch (error) {
      this.logger.error({ err: error }, 'Inbound socket not answered');
      return refuse(socket, '503 Service Unavailable');
    }
    this.sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      client.close(NORMAL_CLOSURE, 'number recognised');
    });
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
