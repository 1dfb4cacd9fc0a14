import { Injectable } from '@nestjs/common';
import { isE164 } from '../common/e164';
import { NumberProofService, type ProofVerdict } from '../phone-numbers/number-proof.service';
import { isProviderName } from '../providers/provider-name';
import { ProvidersService } from '../providers/providers.service';
import { parseInboundPath } from './inbound-path';

/** Recognises authentic requests to the inbound URL of a number that is bound by hand. */
@Injectable()
export class InboundProofService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly proofs: NumberProofService,
  ) {}

  /**
   * The key in the path is the proof: it is unguessable and names the account.
   * @param url the request's path; anything but a known key with a number of its account is `unknown_number`
   */
  async accept(url: string): Promise<ProofVerdict> {
    const path = parseInboundPath(url);
    if (!path || !isProviderName(path.provider) || !isE164(path.number)) return 'unknown_number';
    if (this.providers.capabilities(path.provider).route) return 'unknown_number';
    const owner = await this.providers.findByInboundKey(path.provider, path.key);
    return owner ? this.proofs.accept(owner.accountId, path.provider, path.number) : 'unknown_number';
  }
}
