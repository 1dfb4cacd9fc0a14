import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../common/clock';
import { countryOf, isE164 } from '../common/e164';
import { AppError } from '../common/errors/app-error';
import { Database } from '../database/database';
import { isDuplicateKey } from '../database/db-errors';
import { type Page, toPage } from '../http/pagination/page';
import type { DeletedNumberDto } from './dto/deleted-number.dto';
import type { PhoneNumberQuery } from './dto/phone-number-query.dto';
import { PhoneNumberDto } from './dto/phone-number.dto';
import type { RegisterNumberDto } from './dto/register-number.dto';
import type { UpdateNumberDto } from './dto/update-number.dto';
import { InboundRequestsRepository } from './inbound-requests.repository';
import { NUMBER_LIST, readNumberFilter, readNumberCursor } from './number-list';
import type { PhoneNumber, PhoneNumberChanges, RoutedPhoneNumber } from './phone-number-record';
import { PhoneNumbersRepository } from './phone-numbers.repository';

/** The account's inventory of numbers. Attaching them is not done here. */
@Injectable()
export class PhoneNumbersService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly numbers: PhoneNumbersRepository,
    private readonly inboundRequests: InboundRequestsRepository,
  ) {}

  /** @throws AppError `NUMBER_EXISTS`, also when two requests register the number at the same moment */
  async register(accountId: string, dto: RegisterNumberDto): Promise<PhoneNumberDto> {
    const now = this.clock.now();
    const number: PhoneNumber = {
      e164: dto.phone_number,
      provider: dto.provider,
      country: countryOf(dto.phone_number),
      status: 'inactive',
      reason: null,
      purpose: dto.purpose ?? null,
      label: dto.label ?? null,
      agentId: null,
      attachedAt: null,
      maxConcurrentCalls: dto.max_concurrent_calls ?? null,
      activeCalls: 0,
      createdAt: now,
      updatedAt: now,
    };
    try {
      await this.database.transaction((manager) => this.numbers.insert(manager, accountId, number));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const message = 'phone_number is in the inventory already';
      throw new AppError('NUMBER_EXISTS', { details: [{ field: 'phone_number', message, value: number.e164 }] });
    }
    return PhoneNumberDto.from(number);
  }

  async list(accountId: string, query: PhoneNumberQuery): Promise<Page<PhoneNumberDto>> {
    const filter = readNumberFilter(query);
    const after = readNumberCursor(query.cursor);
    const rows = filter
      ? await this.database.read((manager) => this.numbers.list(manager, accountId, filter, after, query.limit + 1))
      : [];
    return toPage(
      NUMBER_LIST,
      rows,
      query.limit,
      ({ e164 }) => e164,
      (number) => PhoneNumberDto.from(number),
    );
  }

  /** @throws AppError `INVALID_PHONE_NUMBER_FORMAT`, `PHONE_NUMBER_NOT_FOUND` */
  async get(accountId: string, phoneNumber: string): Promise<PhoneNumberDto> {
    const e164 = readPhoneNumber(phoneNumber);
    const number = await this.database.read((manager) => this.numbers.find(manager, accountId, e164));
    return PhoneNumberDto.from(number ?? notFound(e164));
  }

  /** @throws AppError `INVALID_PHONE_NUMBER_FORMAT`, `PHONE_NUMBER_NOT_FOUND`, `PURPOSE_MISMATCH` */
  async update(accountId: string, phoneNumber: string, dto: UpdateNumberDto): Promise<PhoneNumberDto> {
    const e164 = readPhoneNumber(phoneNumber);
    const changes = changesOf(dto);
    const changed = await this.database.transaction(async (manager) => {
      const number = dto.purpose
        ? await this.lockWithPurpose(manager, accountId, e164, dto.purpose)
        : await this.lock(manager, accountId, e164);
      if (Object.keys(changes).length === 0) return number;
      const updatedAt = this.clock.now();
      await this.numbers.update(manager, accountId, e164, changes, updatedAt);
      return { ...number, ...changes, updatedAt };
    });
    return PhoneNumberDto.from(changed);
  }

  /**
   * Removes a number from the inventory. One that is attached stays, and so does one whose former route is still
   * being given back: with the row, what the provider had before would be lost.
   * @throws AppError `INVALID_PHONE_NUMBER_FORMAT`, `PHONE_NUMBER_NOT_FOUND`, `NUMBER_ATTACHED`
   */
  async remove(accountId: string, phoneNumber: string): Promise<DeletedNumberDto> {
    const e164 = readPhoneNumber(phoneNumber);
    await this.database.transaction(async (manager) => {
      const number = await this.lock(manager, accountId, e164);
      if (number.agentId !== null) refuseDeletion(e164, `phone_number is attached to ${number.agentId}`);
      if (await this.isBeingGivenBack(manager, accountId, number)) {
        refuseDeletion(e164, "The provider's former route of phone_number is still being given back; try again later");
      }
      await this.inboundRequests.deleteOf(manager, accountId, e164);
      await this.numbers.delete(manager, accountId, e164);
    });
    return { phone_number: e164, deleted: true };
  }

  /**
   * Takes note that an authentic request reached the number's own inbound URL; a number that waited for that becomes
   * `active`. Harmless to repeat.
   * @param at Unix milliseconds
   */
  async markProven(accountId: string, e164: string, at: number): Promise<void> {
    await this.database.transaction((manager) => this.numbers.markProven(manager, accountId, e164, at));
  }

  private async lock(manager: EntityManager, accountId: string, e164: string): Promise<RoutedPhoneNumber> {
    return (await this.numbers.lock(manager, accountId, e164)) ?? notFound(e164);
  }

  /**
   * Locks the number for a change of its purpose. Its agent is locked first, as everywhere; only if the number moved
   * to another agent meanwhile does that one come second.
   */
  private async lockWithPurpose(
    manager: EntityManager,
    accountId: string,
    e164: string,
    purpose: NonNullable<PhoneNumber['purpose']>,
  ): Promise<RoutedPhoneNumber> {
    const seen = (await this.numbers.find(manager, accountId, e164)) ?? notFound(e164);
    let agent = seen.agentId === null ? null : await this.numbers.holdAgent(manager, accountId, seen.agentId);
    const number = await this.lock(manager, accountId, e164);
    if (number.agentId !== null && number.agentId !== agent?.agentId) {
      agent = await this.numbers.holdAgent(manager, accountId, number.agentId);
    }
    if (number.agentId !== null && agent?.purpose && agent.purpose !== purpose) {
      const message = `The agent that phone_number is attached to is for ${agent.purpose}`;
      throw new AppError('PURPOSE_MISMATCH', { details: [{ field: 'purpose', message, value: purpose }] });
    }
    return number;
  }

  private async isBeingGivenBack(
    manager: EntityManager,
    accountId: string,
    number: RoutedPhoneNumber,
  ): Promise<boolean> {
    const isSettled = number.routeGeneration === number.confirmedGeneration;
    // Without a due time the provider has refused for good: waiting would bring nothing.
    if (isSettled || number.routeDueAt === null) return false;
    return this.numbers.isProviderConfigured(manager, accountId, number.provider);
  }
}

/** @throws AppError `INVALID_PHONE_NUMBER_FORMAT` */
export function readPhoneNumber(value: string): string {
  if (isE164(value)) return value;
  const message = 'phone_number is not an E.164 phone number';
  throw new AppError('INVALID_PHONE_NUMBER_FORMAT', { details: [{ field: 'phone_number', message, value }] });
}

export function notFound(e164: string): never {
  const message = 'phone_number is not in the inventory';
  throw new AppError('PHONE_NUMBER_NOT_FOUND', { details: [{ field: 'phone_number', message, value: e164 }] });
}

function refuseDeletion(e164: string, message: string): never {
  throw new AppError('NUMBER_ATTACHED', { details: [{ field: 'phone_number', message, value: e164 }] });
}

function changesOf(dto: UpdateNumberDto): PhoneNumberChanges {
  return {
    ...(dto.purpose === undefined ? {} : { purpose: dto.purpose }),
    ...(dto.label === undefined ? {} : { label: dto.label }),
    ...(dto.max_concurrent_calls === undefined ? {} : { maxConcurrentCalls: dto.max_concurrent_calls }),
  };
}
