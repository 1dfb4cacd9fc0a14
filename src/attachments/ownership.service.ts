import { Injectable } from '@nestjs/common';
import { Semaphore } from 'async-mutex';
import type { ProviderClient } from '../providers/contract/provider-adapter';
import type { ProviderName } from '../common/provider-name';
import { ProvidersService } from '../providers/providers.service';
import { type Ownership, unreachable } from './ownership';

const CONCURRENCY = 8;
/** From so many numbers on, reading the account's list page by page takes fewer calls than asking for each. */
const LIST_FROM = 25;
const TIME_LIMIT_MS = 10_000;

type Ownerships = Map<string, Ownership>;

/** Asks the provider whether the account owns numbers that the inventory does not have. Outside any transaction. */
@Injectable()
export class OwnershipService {
  constructor(private readonly providers: ProvidersService) {}

  async lookUp(accountId: string, provider: ProviderName, numbers: readonly string[]): Promise<Ownerships> {
    const { lookup, list } = this.providers.capabilities(provider);
    if (!lookup) return trusted(numbers);
    const connection = await this.providers.connection(accountId, provider);
    if (!connection) return new Map();
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    return list && numbers.length >= LIST_FROM
      ? fromListFirst(connection.client, numbers, signal)
      : oneByOne(connection.client, numbers, signal);
  }
}

/** Where there is nothing to ask, the account's word counts: calls are accepted only with its own secret. */
function trusted(numbers: readonly string[]): Ownerships {
  return new Map(numbers.map((e164) => [e164, { kind: 'owned', providerNumberId: null }]));
}

async function oneByOne(client: ProviderClient, numbers: readonly string[], signal: AbortSignal): Promise<Ownerships> {
  const slots = new Semaphore(CONCURRENCY);
  const found = await Promise.all(
    numbers.map((e164) => slots.runExclusive(async () => [e164, await findOne(client, e164, signal)] as const)),
  );
  return new Map(found);
}

async function findOne(client: ProviderClient, e164: string, signal: AbortSignal): Promise<Ownership> {
  try {
    const owned = await client.find(e164, signal);
    return owned ? { kind: 'owned', providerNumberId: owned.providerNumberId } : { kind: 'not_owned' };
  } catch (error) {
    return unreachable(error);
  }
}

/** Reads pages of the list for as long as that takes fewer calls, then asks for each number that was on none of them. */
async function fromListFirst(
  client: ProviderClient,
  numbers: readonly string[],
  signal: AbortSignal,
): Promise<Ownerships> {
  const missing = new Set(numbers);
  const found: Ownerships = new Map();
  let pagesLeft = Math.ceil(numbers.length / CONCURRENCY);
  try {
    for await (const page of client.numbers(null, signal)) {
      for (const { phoneNumber, providerNumberId } of page.numbers) {
        if (missing.delete(phoneNumber)) found.set(phoneNumber, { kind: 'owned', providerNumberId });
      }
      pagesLeft -= 1;
      if (missing.size === 0 || page.next === null) return withRest(found, missing, { kind: 'not_owned' });
      if (pagesLeft <= 0) break;
    }
  } catch (error) {
    return withRest(found, missing, unreachable(error));
  }
  return new Map([...found, ...(await oneByOne(client, [...missing], signal))]);
}

function withRest(found: Ownerships, missing: ReadonlySet<string>, rest: Ownership): Ownerships {
  return new Map([...found, ...[...missing].map((e164) => [e164, rest] as const)]);
}
