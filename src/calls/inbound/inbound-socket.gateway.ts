import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type WebSocket, WebSocketServer } from 'ws';
import { CONFIG, type Config } from '../../config/config';
import { withQuery } from '../../providers/support/with-query';
import { type BridgedCall, BridgedCalls } from './bridged-calls.service';
import { InboundProofService } from './inbound-proof.service';
import { type SocketCall, SocketCalls } from './socket-calls.service';
import { MediaBridge } from './media-bridge';

/** RFC 6455, section 7.4.1: the purpose of the connection is fulfilled. */
const NORMAL_CLOSURE = 1000;
/** The largest frame taken in, in bytes. */
const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Answers the WebSockets that a PBX opens to a number's inbound URL. An authentic one proves the number and is bridged to the
 * agent's stream, or closed in good order where there is none; any other is refused before the upgrade.
 */
@Injectable()
export class InboundSocketGateway implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(InboundSocketGateway.name);
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly host: HttpAdapterHost,
    private readonly proof: InboundProofService,
    private readonly calls: SocketCalls,
    private readonly bridged: BridgedCalls,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    server?.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
  }

  /** Whoever does not agree to the end of his call in time is cut off. */
  async onApplicationShutdown(): Promise<void> {
    await this.bridged.endAll();
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const isGone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    let call: SocketCall | null;
    try {
      const address = this.proof.addressOf(request.url ?? '');
      call = address && (await this.calls.connect(address));
    } catch (error) {
      this.logger.error({ err: error }, 'Inbound socket not answered');
      return refuse(socket, '503 Service Unavailable');
    }
    if (!call) return refuse(socket, '404 Not Found');
    const taken = call;
    if (socket.destroyed) return void isGone.then(() => this.bridged.abandoned(taken));
    this.sockets.handleUpgrade(request, socket, head, (client) => this.take(client, taken));
  }

  private take(client: WebSocket, call: SocketCall): void {
    client.on('error', () => client.terminate());
    const { answer, bridged } = call;
    if (answer.kind !== 'stream' || !bridged) return client.close(NORMAL_CLOSURE, 'number recognised');
    this.bridge(client, withQuery(answer.url, answer.parameters), bridged);
  }

  private bridge(client: WebSocket, url: string, call: BridgedCall): void {
    const onAnswered = () => this.bridged.answered(call);
    const bridge = new MediaBridge(client, { url, allowPrivate: this.config.allowPrivateUrls, onAnswered });
    this.bridged.add(call, bridge);
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
