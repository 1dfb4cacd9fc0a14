import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type WebSocket, WebSocketServer } from 'ws';
import { CONFIG, type Config } from '../../config/config';
import type { Answer } from '../../providers/contract/answer';
import { withQuery } from '../../providers/support/with-query';
import { InboundCallService } from './inbound-call.service';
import { InboundMetrics } from './inbound-metrics';
import { InboundProofService } from './inbound-proof.service';
import { MediaBridge } from './media-bridge';

/** RFC 6455, section 7.4.1: the purpose of the connection is fulfilled. */
const NORMAL_CLOSURE = 1000;
/** How long a stopping process waits for both sides of its calls, in milliseconds. */
const CLOSING_MS = 1_000;
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
  private readonly bridges = new Set<MediaBridge>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly host: HttpAdapterHost,
    private readonly proof: InboundProofService,
    private readonly calls: InboundCallService,
    private readonly metrics: InboundMetrics,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter?.getHttpServer() as Server | undefined;
    server?.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
  }

  /** Calls under way are ended in good order; whoever does not agree in time is cut off. */
  async onApplicationShutdown(): Promise<void> {
    const bridges = [...this.bridges];
    for (const bridge of bridges) bridge.close();
    const ended = Promise.all(bridges.map((bridge) => bridge.ended));
    await Promise.race([ended, delay(CLOSING_MS, undefined, { ref: false })]);
    for (const client of this.sockets.clients) client.terminate();
    this.sockets.close();
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    let answer: Answer | null;
    try {
      answer = await this.answerTo(request.url ?? '');
    } catch (error) {
      this.logger.error({ err: error }, 'Inbound socket not answered');
      return refuse(socket, '503 Service Unavailable');
    }
    if (!answer) return refuse(socket, '404 Not Found');
    const given = answer;
    this.sockets.handleUpgrade(request, socket, head, (client) => this.take(client, given));
  }

  private async answerTo(url: string): Promise<Answer | null> {
    const address = this.proof.addressOf(url);
    return address && ((await this.calls.connect(address))?.answer ?? null);
  }

  private take(client: WebSocket, answer: Answer): void {
    client.on('error', () => client.terminate());
    if (answer.kind !== 'stream') return client.close(NORMAL_CLOSURE, 'number recognised');
    const url = withQuery(answer.url, answer.parameters);
    const bridge = new MediaBridge(client, { url, allowPrivate: this.config.allowPrivateUrls });
    this.bridges.add(bridge);
    this.metrics.bridged(this.bridges.size);
    void bridge.ended.then(() => {
      this.bridges.delete(bridge);
      this.metrics.bridged(this.bridges.size);
    });
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
