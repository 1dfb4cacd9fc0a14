import { Injectable } from '@nestjs/common';
import { isE164 } from '../../common/e164';
import { NumberProofService, type InboundVerdict } from '../../phone-numbers/number-proof.service';
import { isProviderName, type ProviderName } from '../../common/provider-name';
import { ProvidersService } from '../../providers/providers.service';
import { parseInboundPath } from './inbound-path';

/** The parts of a number's own inbound URL. */
export interface NumberAddress {
  readonly provider: ProviderName;
  readonly key: string;
  /** E.164. */
  readonly number: string;
}

/** Recognises authentic requests to the inbound URL of a number that is bound by hand. */
@Injectable()
export class InboundProofService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly proofs: NumberProofService,
  ) {}

  /** `null` for anything but the address of a number at a provider whose numbers are bound by hand. */
  addressOf(url: string): NumberAddress | null {
    const path = parseInboundPath(url);
    if (!path || !isProviderName(path.provider) || !isE164(path.number)) return null;
    if (this.providers.capabilities(path.provider).route) return null;
    return { ...path, provider: path.provider };
  }

  asksForDocument(provider: ProviderName): boolean {
    return this.providers.adapter(provider).answer !== null;
  }

  /**
   * The key in the path is the proof: it is unguessable and names the account.
   * @param url the request's path; anything but a known key with a number of its account is `unknown_number`
   */
  async accept(url: string): Promise<InboundVerdict> {
    const address = this.addressOf(url);
    if (!address) return 'unknown_number';
    const owner = await this.providers.findByInboundKey(address.provider, address.key);
    return owner ? this.proofs.accept(owner.accountId, address.provider, address.number) : 'unknown_number';
  }
}
