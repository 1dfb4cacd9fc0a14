import { Logger } from '@nestjs/common';
import { ProviderChanges } from './provider-changes';

describe('ProviderChanges', () => {
  const change = { accountId: 'acct_1', provider: 'twilio' } as const;

  it('tells every listener, also after one that failed, and waits for them', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const changes = new ProviderChanges();
    const told: string[] = [];
    changes.onChanged(() => {
      throw new Error('at once');
    });
    changes.onChanged(() => Promise.reject(new Error('later')));
    changes.onChanged(async ({ accountId, provider }) => {
      await Promise.resolve();
      told.push(`${accountId} ${provider}`);
    });
    await changes.emit(change);
    expect(told).toEqual(['acct_1 twilio']);
    expect(error).toHaveBeenCalledTimes(2);
    error.mockRestore();
  });
});
