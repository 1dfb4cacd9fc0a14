import { Inject, Injectable } from '@nestjs/common';
import { isId } from '../common/ids';
import { Database } from '../database/database';
import { type Page, toPage } from '../http/pagination/page';
import { CALL_LIST, callKey, callNotFound, readCallCursor, readCallFilter } from './call-list';
import { CallListRepository } from './call-list.repository';
import type { CallQuery } from './dto/call-query.dto';
import { CallDto } from './dto/call.dto';
import { CallsRepository } from './record/calls.repository';

/** Shows calls to clients. */
@Injectable()
export class CallsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly lists: CallListRepository,
    private readonly calls: CallsRepository,
  ) {}

  /** Newest first. @throws AppError `VALIDATION_FAILED` */
  async list(accountId: string, query: CallQuery): Promise<Page<CallDto>> {
    const filter = readCallFilter(query);
    const after = readCallCursor(query.cursor);
    const rows = await this.database.read((manager) =>
      this.lists.list(manager, accountId, filter, after, query.limit + 1),
    );
    return toPage(CALL_LIST, rows, query.limit, callKey, (call) => CallDto.from(call));
  }

  /** @throws AppError `CALL_NOT_FOUND` */
  async get(accountId: string, callId: string): Promise<CallDto> {
    if (!isId('call', callId)) return callNotFound(callId);
    const call = await this.database.read((manager) => this.calls.find(manager, accountId, callId));
    return CallDto.from(call ?? callNotFound(callId));
  }
}
