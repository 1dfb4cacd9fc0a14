import { All, Controller, Inject, Logger, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../auth/authenticated.decorator';
import { within } from '../../common/within';
import { CONFIG, type Config } from '../../config/config';
import type { WebhookRequest } from '../../providers/contract/webhook';
import { CallStatusService } from './call-status.service';
import { InboundCallService } from './inbound-call.service';
import { InboundProofService } from './inbound-proof.service';
import { type InboundReply, LATER, MALFORMED, NOT_FOUND, TAKEN } from './inbound-reply';
import { webhookBody } from './webhook-body';

/**
 * A caller hears nothing in the meantime, and vendors have fallbacks: no answer takes longer, in milliseconds. An agent's own
 * webhook may take three seconds of it; a database that does not answer is not waited for so long.
 */
const ANSWER_LIMIT_MS = 5_000;

/** Requests of providers, which are answered in their own language. */
@ApiExcludeController()
@Controller('inbound')
export class InboundController {
  private readonly logger = new Logger(InboundController.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly calls: InboundCallService,
    private readonly statuses: CallStatusService,
    private readonly proof: InboundProofService,
  ) {}

  @Public()
  @All(':provider/:key')
  answer(
    @Param('provider') provider: string,
    @Param('key') key: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.reply(request, response, (webhook) => this.calls.answer({ provider, key }, webhook));
  }

  @Public()
  @All(':provider/:key/status')
  status(
    @Param('provider') provider: string,
    @Param('key') key: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.reply(request, response, (webhook) => this.statuses.take({ provider, key }, webhook));
  }

  @Public()
  @All(':provider/:key/:number')
  number(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.reply(request, response, (webhook) => this.answerNumber(request.originalUrl, webhook));
  }

  /** A number's own address: a vendor that opens a WebSocket there gets no document, but is recognised all the same. */
  private async answerNumber(url: string, webhook: WebhookRequest): Promise<InboundReply> {
    const address = this.proof.addressOf(url);
    if (!address) return NOT_FOUND;
    if (this.proof.asksForDocument(address.provider)) return this.calls.answer(address, webhook);
    return (await this.proof.accept(url)) === 'unknown_number' ? NOT_FOUND : TAKEN;
  }

  private async reply(
    request: Request,
    response: Response,
    answer: (webhook: WebhookRequest) => Promise<InboundReply>,
  ): Promise<void> {
    const rawBody = await webhookBody(request, response).catch(() => null);
    const reply = rawBody ? this.inTime(answer(this.webhookOf(request, rawBody))) : MALFORMED;
    const { status, document } = await reply;
    response.status(status);
    if (document) response.setHeader('Content-Type', document.contentType);
    if (status === LATER.status) response.setHeader('Retry-After', '1');
    response.end(document?.body);
  }

  private async inTime(answering: Promise<InboundReply>): Promise<InboundReply> {
    try {
      return await within(ANSWER_LIMIT_MS, answering);
    } catch (error) {
      this.logger.error({ err: error }, 'Provider not answered');
      return LATER;
    }
  }

  /** The URL is the one that the provider was told, whatever host the request names. */
  private webhookOf(request: Request, rawBody: Buffer): WebhookRequest {
    const headers = Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]);
    return {
      method: request.method,
      url: this.config.http.publicUrl + request.originalUrl,
      headers: Object.fromEntries(headers) as WebhookRequest['headers'],
      rawBody,
    };
  }
}
