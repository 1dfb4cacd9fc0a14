import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Injectable } from '@nestjs/common';
import { TokenService } from '../auth/token.service';

export const DEMO_ACCOUNT = 'demo';

export interface DemoToken {
  readonly token: string;
  readonly accountId: string;
}

/** The demo's token, kept in a file of its own so that what was pasted yesterday still works today. */
@Injectable()
export class DemoTokens {
  constructor(private readonly tokens: TokenService) {}

  /** The kept token, if it still lets somebody in. */
  async kept(file: string): Promise<DemoToken | null> {
    const token = await readFile(file, 'utf8').catch(() => '');
    const principal = token ? await this.tokens.authenticate(token) : null;
    return principal && { token, accountId: principal.accountId };
  }

  create(): Promise<DemoToken> {
    return this.tokens.create({ accountName: DEMO_ACCOUNT, scopes: ['*'] });
  }

  async keep(file: string, { token }: DemoToken): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, token, { mode: 0o600 });
  }
}
