import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import type { Page } from '../http/pagination/page';
import { Caller, type Principal } from '../http/principal';
import { DeletedNumberDto } from './dto/deleted-number.dto';
import {
  ATTACHED_NUMBER_EXAMPLE,
  DELETED_NUMBER_EXAMPLE,
  NUMBER_PAGE_EXAMPLE,
  REGISTERED_NUMBER_EXAMPLE,
  ROUTE_PAGE_EXAMPLE,
} from './dto/phone-number.examples';
import { PhoneNumberQuery } from './dto/phone-number-query.dto';
import { PhoneNumberDto } from './dto/phone-number.dto';
import { RegisterNumberDto } from './dto/register-number.dto';
import { RoutePageDto } from './dto/route-page.dto';
import { UpdateNumberDto } from './dto/update-number.dto';
import { PhoneNumbersService } from './phone-numbers.service';
import { RoutePageService } from './route-page.service';

const MESSAGES = {
  register: 'Phone number registered successfully',
  list: 'Phone numbers retrieved successfully',
  get: 'Phone number retrieved successfully',
  update: 'Phone number updated successfully',
  remove: 'Phone number deleted successfully',
  route: 'Phone number route retrieved successfully',
} as const;

const NUMBER_PARAM = {
  name: 'phone_number',
  description: 'The number in E.164 format; the `+` may come raw or as `%2B`',
  schema: { type: 'string', pattern: '^\\+[1-9]\\d{4,14}$' },
  example: '+918062810341',
} as const;

@ApiTags('Phone numbers')
@Controller('api/phone-number')
export class PhoneNumbersController {
  constructor(
    private readonly numbers: PhoneNumbersService,
    private readonly routePage: RoutePageService,
  ) {}

  @Post()
  @Authenticated('numbers:write')
  @Answer(MESSAGES.register)
  @ApiOperation({
    operationId: 'registerPhoneNumber',
    summary: 'Register a phone number',
    description: 'Adds a number to the inventory by hand.',
  })
  @ApiAnswer(201, PhoneNumberDto, { message: MESSAGES.register, example: REGISTERED_NUMBER_EXAMPLE })
  @ApiErrors('PHONE_NUMBER_REQUIRED', 'PROVIDER_REQUIRED', 'INVALID_PHONE_NUMBER_FORMAT', 'NUMBER_EXISTS')
  register(@Caller() caller: Principal, @Body() dto: RegisterNumberDto): Promise<PhoneNumberDto> {
    return this.numbers.register(caller.accountId, dto);
  }

  @Get()
  @Authenticated('numbers:read')
  @Answer(MESSAGES.list)
  @ApiOperation({
    operationId: 'listPhoneNumbers',
    summary: 'List phone numbers',
    description: 'In E.164 order. All filters may be combined.',
  })
  @ApiAnswer(200, PhoneNumberDto, { message: MESSAGES.list, example: NUMBER_PAGE_EXAMPLE, isPage: true })
  @ApiErrors()
  list(@Caller() caller: Principal, @Query() query: PhoneNumberQuery): Promise<Page<PhoneNumberDto>> {
    return this.numbers.list(caller.accountId, query);
  }

  @Get(':phone_number')
  @Authenticated('numbers:read')
  @Answer(MESSAGES.get)
  @ApiOperation({ operationId: 'getPhoneNumber', summary: 'Read a phone number' })
  @ApiParam(NUMBER_PARAM)
  @ApiAnswer(200, PhoneNumberDto, { message: MESSAGES.get, example: ATTACHED_NUMBER_EXAMPLE })
  @ApiErrors('INVALID_PHONE_NUMBER_FORMAT', 'PHONE_NUMBER_NOT_FOUND')
  get(@Caller() caller: Principal, @Param('phone_number') phoneNumber: string): Promise<PhoneNumberDto> {
    return this.numbers.get(caller.accountId, phoneNumber);
  }

  @Patch(':phone_number')
  @Authenticated('numbers:write')
  @Answer(MESSAGES.update)
  @ApiOperation({
    operationId: 'updatePhoneNumber',
    summary: 'Change a phone number',
    description: 'What is named changes; `null` clears.',
  })
  @ApiParam(NUMBER_PARAM)
  @ApiAnswer(200, PhoneNumberDto, { message: MESSAGES.update, example: ATTACHED_NUMBER_EXAMPLE })
  @ApiErrors('INVALID_PHONE_NUMBER_FORMAT', 'PHONE_NUMBER_NOT_FOUND', 'PURPOSE_MISMATCH')
  update(
    @Caller() caller: Principal,
    @Param('phone_number') phoneNumber: string,
    @Body() dto: UpdateNumberDto,
  ): Promise<PhoneNumberDto> {
    return this.numbers.update(caller.accountId, phoneNumber, dto);
  }

  @Delete(':phone_number')
  @Authenticated('numbers:write')
  @Answer(MESSAGES.remove)
  @ApiOperation({
    operationId: 'deletePhoneNumber',
    summary: 'Remove a phone number from the inventory',
    description:
      "Refused while the number is attached, and while the provider's former route is still being given back after " +
      'a detach. The number at the provider is not touched.',
  })
  @ApiParam(NUMBER_PARAM)
  @ApiAnswer(200, DeletedNumberDto, { message: MESSAGES.remove, example: DELETED_NUMBER_EXAMPLE })
  @ApiErrors('INVALID_PHONE_NUMBER_FORMAT', 'PHONE_NUMBER_NOT_FOUND', 'NUMBER_ATTACHED')
  remove(@Caller() caller: Principal, @Param('phone_number') phoneNumber: string): Promise<DeletedNumberDto> {
    return this.numbers.remove(caller.accountId, phoneNumber);
  }

  @Get(':phone_number/route')
  @Authenticated('numbers:read')
  @Answer(MESSAGES.route)
  @ApiOperation({
    operationId: 'getPhoneNumberRoute',
    summary: 'Why calls to a phone number go where they go',
    description:
      'The agent, what the provider was told and when it confirmed, the next try and the last error, and the last ' +
      'inbound requests with the verdict on each.',
  })
  @ApiParam(NUMBER_PARAM)
  @ApiAnswer(200, RoutePageDto, { message: MESSAGES.route, example: ROUTE_PAGE_EXAMPLE })
  @ApiErrors('INVALID_PHONE_NUMBER_FORMAT', 'PHONE_NUMBER_NOT_FOUND')
  route(@Caller() caller: Principal, @Param('phone_number') phoneNumber: string): Promise<RoutePageDto> {
    return this.routePage.read(caller.accountId, phoneNumber);
  }
}
