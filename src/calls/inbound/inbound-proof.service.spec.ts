import type { NumberProofService, InboundVerdict } from '../../phone-numbers/number-proof.service';
import type { ProvidersService } from '../../providers/providers.service';
import { InboundProofService } from './inbound-proof.service';

const KEY = 'k'.repeat(43);
const OTHER_KEY = 'o'.repeat(43);

describe('InboundProofService', () => {
  const accepted: unknown[][] = [];
  const providers = {
    capabilities: (name: string) => ({ route: name === 'twilio' }),
    findByInboundKey: (_provider: string, key: string) => Promise.resolve(key === KEY ? { accountId: 'acct_1' } : null),
  } as unknown as ProvidersService;
  const proofs = {
    accept: (...args: unknown[]): Promise<InboundVerdict> => {
      accepted.push(args);
      return Promise.resolve('recognised');
    },
  } as unknown as NumberProofService;
  const service = new InboundProofService(providers, proofs);

  beforeEach(() => accepted.splice(0));

  it("asks for the number of the key's account", async () => {
    expect(await service.accept(`/inbound/san/${KEY}/+918062810341`)).toBe('recognised');
    expect(accepted).toEqual([['acct_1', 'san', '+918062810341']]);
  });

  it.each([
    ['another key', `/inbound/san/${OTHER_KEY}/+918062810341`],
    ['a provider that there is not', `/inbound/acme/${KEY}/+918062810341`],
    ['a provider whose numbers are routed', `/inbound/twilio/${KEY}/+12025551234`],
    ['what is no E.164 number', `/inbound/san/${KEY}/+999123456789`],
    ['another path', '/inbound'],
  ])('does not know %s', async (_what, url) => {
    expect(await service.accept(url)).toBe('unknown_number');
    expect(accepted).toEqual([]);
  });
});
