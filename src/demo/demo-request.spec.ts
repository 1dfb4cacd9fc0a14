import type { PhoneNumberDto } from '../phone-numbers/dto/phone-number.dto';
import type { PhoneNumbersService } from '../phone-numbers/phone-numbers.service';
import { DemoRequests } from './demo-request';

type Item = Pick<PhoneNumberDto, 'phone_number' | 'provider' | 'agent_id'>;

const free = (phone_number: string, provider: Item['provider'] = 'san'): Item => ({
  phone_number,
  provider,
  agent_id: null,
});

function find(items: Item[]) {
  const numbers = { list: () => Promise.resolve({ items, next_cursor: null }) };
  return new DemoRequests(numbers as unknown as PhoneNumbersService).find('acct_1', 'agent_1');
}

describe('DemoRequests', () => {
  it("prefers the documentation's own number", async () => {
    const items = [free('+12025551234', 'twilio'), free('+918062810340'), free('+918062810341')];
    expect(await find(items)).toEqual({ agent_id: 'agent_1', provider: 'san', numbers: ['+918062810341'] });
  });

  it('takes it as well when it is attached to the same agent', async () => {
    const items = [free('+12025551234', 'twilio'), { ...free('+918062810341'), agent_id: 'agent_1' }];
    expect(await find(items)).toEqual({ agent_id: 'agent_1', provider: 'san', numbers: ['+918062810341'] });
  });

  it('prefers a free number of the manual provider, which needs no wait, to one of Twilio', async () => {
    const taken = { ...free('+918062810341'), agent_id: 'agent_2' };
    expect(await find([free('+12025551234', 'twilio'), taken, free('+918062810342')])).toMatchObject({
      provider: 'san',
      numbers: ['+918062810342'],
    });
    expect(await find([free('+12025551234', 'twilio'), taken])).toMatchObject({ provider: 'twilio' });
  });

  it('moves a number when none is free', async () => {
    const taken = { ...free('+918062810342'), agent_id: 'agent_2' };
    expect(await find([taken])).toEqual({
      agent_id: 'agent_1',
      provider: 'san',
      numbers: ['+918062810342'],
      reassign: true,
    });
  });

  it('finds nothing where there are no numbers', async () => {
    expect(await find([])).toBeNull();
  });
});
