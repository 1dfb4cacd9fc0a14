import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Simulator } from '../simulator/simulator';
import { type DemoRequest, DemoRequests } from './demo-request';
import { DemoSeeder } from './demo-seeder';
import { DemoTokens } from './demo-token';

export interface DemoAccount {
  readonly token: string;
  /** `null` when there is no number left to attach. */
  readonly request: DemoRequest | null;
}

/** Prepares the demo's account on its first start, and says on every start how to try it. */
@Injectable()
export class Demo {
  constructor(
    private readonly tokens: DemoTokens,
    private readonly seeder: DemoSeeder,
    private readonly requests: DemoRequests,
  ) {}

  /** @param folder where the token is kept; a kept one means that the account was filled before */
  async prepare(folder: string, simulator: Simulator): Promise<DemoAccount> {
    const file = join(folder, 'demo-token');
    const kept = await this.tokens.kept(file);
    const owner = kept ?? (await this.tokens.create());
    if (!kept) {
      await this.seeder.seed(owner.accountId);
      await this.tokens.keep(file, owner);
    }
    await this.seeder.bindByHand(owner.accountId, simulator);
    const agentId = await this.seeder.ensureAgent(owner.accountId);
    return { token: owner.token, request: await this.requests.find(owner.accountId, agentId) };
  }
}
