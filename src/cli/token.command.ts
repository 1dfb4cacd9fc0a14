import type { Command } from 'commander';
import type { TokenSummary } from '../auth/token.repository';
import { TokenService } from '../auth/token.service';
import { toIso, toIsoOrNull } from '../common/clock';
import { CliError } from './cli-error';
import { type CliRuntime, withServices } from './cli-runtime';
import { parseAccountName } from './parse-account-name';
import { parseExpiry } from './parse-expiry';
import { parseScopes } from './parse-scopes';
import { table } from './table';

interface CreateOptions {
  readonly account: string;
  readonly scopes: readonly string[];
  readonly expires?: string;
  readonly json?: true;
}

interface ListOptions {
  readonly account?: string;
  readonly json?: true;
}

export function addTokenCommand(program: Command, runtime: CliRuntime): void {
  const token = program.command('token').description('API tokens: make, list, revoke');

  token
    .command('create')
    .description('make a token, and its account when there is none of that name')
    .requiredOption('--account <name>', 'whom the token belongs to')
    .requiredOption('--scopes <scopes...>', "what it may do, separated by commas or blanks; '*' for everything")
    .option('--expires <when>', 'like 90d, 12h, 30m, or an ISO date; never by default')
    .option('--json', 'answer in JSON')
    .action((options: CreateOptions) => create(runtime, options));

  token
    .command('list')
    .description('list tokens, without what would let somebody in')
    .option('--account <name>', 'only those of this account')
    .option('--json', 'answer in JSON')
    .action((options: ListOptions) => list(runtime, options));

  token
    .command('revoke')
    .description('revoke a token for good')
    .argument('<token_id>', 'as `token list` shows it')
    .option('--json', 'answer in JSON')
    .action((tokenId: string, options: { json?: true }) => revoke(runtime, tokenId, options.json));
}

async function create(runtime: CliRuntime, options: CreateOptions): Promise<void> {
  const accountName = parseAccountName(options.account);
  const scopes = parseScopes(options.scopes.join(' '));
  const expiresAt = options.expires === undefined ? null : parseExpiry(options.expires, runtime.clock.now());

  const { token, tokenId, accountId } = await withTokens(runtime, (tokens) =>
    tokens.create({ accountName, scopes, expiresAt }),
  );
  if (options.json) {
    runtime.out(`${JSON.stringify({ token, token_id: tokenId, account_id: accountId })}\n`);
    return;
  }
  const rows = [
    ['Token id', tokenId],
    ['Account', `${accountName} (${accountId})`],
    ['Scopes', scopes.join(' ')],
    ['Expires', toIsoOrNull(expiresAt) ?? 'never'],
  ];
  runtime.out(table(['Token', token], rows));
  runtime.out('The token is shown this once only. Send it in the header `token`.\n');
}

async function list(runtime: CliRuntime, options: ListOptions): Promise<void> {
  const account = options.account === undefined ? undefined : parseAccountName(options.account);
  const tokens = await withTokens(runtime, (service) => service.list(account));
  if (options.json) {
    runtime.out(`${JSON.stringify({ tokens: tokens.map(toJson) })}\n`);
    return;
  }
  const now = runtime.clock.now();
  const rows = tokens.map((token) => [
    token.tokenId,
    token.accountName,
    token.scopes.join(' '),
    toIso(token.createdAt),
    toIsoOrNull(token.expiresAt) ?? 'never',
    stateOf(token, now),
  ]);
  runtime.out(
    tokens.length === 0 ? 'No tokens.\n' : table(['ID', 'ACCOUNT', 'SCOPES', 'CREATED', 'EXPIRES', 'STATE'], rows),
  );
}

async function revoke(runtime: CliRuntime, tokenId: string, json: true | undefined): Promise<void> {
  const revokedAt = await withTokens(runtime, (tokens) => tokens.revoke(tokenId));
  if (revokedAt === null) throw new CliError(`There is no token ${JSON.stringify(tokenId.slice(0, 64))}`);
  const revoked = toIso(revokedAt);
  runtime.out(
    json
      ? `${JSON.stringify({ token_id: tokenId, revoked_at: revoked })}\n`
      : `Token ${tokenId} is revoked since ${revoked}; running processes stop accepting it within five seconds.\n`,
  );
}

function withTokens<T>(runtime: CliRuntime, work: (tokens: TokenService) => Promise<T>): Promise<T> {
  return withServices(runtime, runtime.config(), (services) => work(services.get(TokenService)));
}

function toJson(token: TokenSummary) {
  return {
    token_id: token.tokenId,
    account_id: token.accountId,
    account: token.accountName,
    scopes: token.scopes,
    created_at: toIso(token.createdAt),
    expires_at: toIsoOrNull(token.expiresAt),
    revoked_at: toIsoOrNull(token.revokedAt),
  };
}

function stateOf(token: TokenSummary, now: number): string {
  if (token.revokedAt !== null) return 'revoked';
  return token.expiresAt !== null && token.expiresAt <= now ? 'expired' : 'valid';
}
