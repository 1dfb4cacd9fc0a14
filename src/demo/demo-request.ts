import { Injectable } from '@nestjs/common';
import type { PhoneNumberDto } from '../phone-numbers/dto/phone-number.dto';
import { PhoneNumbersService } from '../phone-numbers/phone-numbers.service';
import type { ProviderName } from '../common/provider-name';

/** The documentation's own example. */
const PREFERRED = '+918062810341';
const MOST_NUMBERS = 100;

export interface DemoRequest {
  readonly agent_id: string;
  readonly provider: ProviderName;
  readonly numbers: readonly string[];
  readonly reassign?: true;
}

/** Finds an attach request that succeeds as the account stands now, whatever its user has done to it. */
@Injectable()
export class DemoRequests {
  constructor(private readonly numbers: PhoneNumbersService) {}

  /** `null` when the account has no number left to attach. */
  async find(accountId: string, agentId: string): Promise<DemoRequest | null> {
    const { items } = await this.numbers.list(accountId, { limit: MOST_NUMBERS });
    const free = items.filter(({ agent_id }) => agent_id === null || agent_id === agentId);
    const number = best(free) ?? best(items);
    if (!number) return null;
    const { phone_number, provider } = number;
    const request = { agent_id: agentId, provider, numbers: [phone_number] };
    return free.includes(number) ? request : { ...request, reassign: true };
  }
}

function best(numbers: readonly PhoneNumberDto[]): PhoneNumberDto | undefined {
  return (
    numbers.find(({ phone_number }) => phone_number === PREFERRED) ??
    numbers.find(({ provider }) => provider === 'san') ??
    numbers[0]
  );
}
