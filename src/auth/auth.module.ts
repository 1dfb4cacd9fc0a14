import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { perConfig } from '../config/per-config';
import { Database } from '../database/database';
import { DatabaseModule } from '../database/database.module';
import { AccountRepository } from './account.repository';
import { AccountService } from './account.service';
import { TokenAuthGuard } from './token-auth.guard';
import { TokenRepository } from './token.repository';
import { TokenService } from './token.service';

/** Accounts and tokens, and the guard that closes every route of an application that imports this. */
@Module({})
export class AuthModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: AuthModule,
    imports: [DatabaseModule.forRoot(config)],
    providers: [
      AccountRepository,
      TokenRepository,
      {
        provide: AccountService,
        useFactory: (database: Database, accounts: AccountRepository) => new AccountService(database, accounts),
        inject: [Database, AccountRepository],
      },
      {
        provide: TokenService,
        useFactory: (database: Database, accounts: AccountService, tokens: TokenRepository) =>
          new TokenService(database, accounts, tokens),
        inject: [Database, AccountService, TokenRepository],
      },
      { provide: APP_GUARD, useClass: TokenAuthGuard },
    ],
    exports: [AccountService, TokenService],
  }));
}
