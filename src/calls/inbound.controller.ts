import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../auth/authenticated.decorator';
import { InboundProofService } from './inbound-proof.service';

/** Plain requests of providers, which get plain answers: no envelope, and nothing in the body for who is not known. */
@ApiExcludeController()
@Controller('inbound')
export class InboundController {
  constructor(private readonly proof: InboundProofService) {}

  @Public()
  @All(':provider/:key/:number')
  async number(@Req() request: Request, @Res() response: Response): Promise<void> {
    const verdict = await this.proof.accept(request.originalUrl);
    response.status(verdict === 'unknown_number' ? 404 : 204).end();
  }
}
