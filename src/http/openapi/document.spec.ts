import { Body, Controller, Get, Patch, Query, type INestApplication } from '@nestjs/common';
import { ApiProperty, type OpenAPIObject } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { PageQuery } from '../pagination/page-query.dto';
import { EnumField, NestedField, TextField } from '../validation/fields';
import { ApiAnswer } from './api-answer.decorator';
import { ApiErrors } from './api-errors.decorator';
import { buildDocument } from './document';

class ThingDto {
  @ApiProperty({ description: 'Its name', type: 'string', nullable: true })
  name!: string | null;
}

class ConnectDto {
  @TextField({ description: 'Where', max: 50 })
  url!: string;
}

class ThingBody {
  @TextField({ description: 'Its name', example: 'Front desk', min: 1, max: 255, required: 'AGENT_NAME_REQUIRED' })
  name!: string;

  @EnumField(['TEST', 'PRODUCTION'], { description: 'Its purpose', optional: true, nullable: true })
  purpose?: string | null;

  @NestedField(() => ConnectDto, { description: 'Where it answers', optional: true, nullable: true })
  connect?: ConnectDto | null;
}

@Controller('api/thing')
class ThingController {
  @Get()
  @ApiAnswer(200, ThingDto, { message: 'Things', isPage: true })
  @ApiErrors()
  list(@Query() _query: PageQuery): object {
    return {};
  }

  @Patch()
  @ApiAnswer(200, ThingDto, { message: 'Changed', example: { name: 'Front desk' } })
  @ApiErrors('AGENT_NAME_REQUIRED', 'PROVIDER_UNAVAILABLE', 'NUMBER_NOT_AVAILABLE')
  change(@Body() _body: ThingBody): object {
    return {};
  }

  @Get('bare')
  @ApiErrors('AGENT_NOT_FOUND')
  bare(): object {
    return {};
  }
}

let app: INestApplication;
let document: OpenAPIObject;

beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [ThingController] }).compile();
  app = module.createNestApplication({ logger: false });
  document = buildDocument(app);
});

afterAll(() => app.close());

interface Media {
  schema: object;
  example?: object;
  examples?: Record<string, { value: { code: number; message: string; data: { reason: string } } }>;
}
type Responses = Record<string, { headers: object; content: Record<string, Media> }>;

const responses = (path: string, method: 'get' | 'patch') =>
  document.paths[path]?.[method]?.responses as unknown as Responses;
const json = (path: string, method: 'get' | 'patch', status: number) =>
  responses(path, method)[status]?.content['application/json'];
const reasons = (path: string, method: 'get' | 'patch', status: number) =>
  Object.keys(json(path, method, status)?.examples ?? {});

describe('buildDocument', () => {
  it('is OpenAPI 3.1 with both header schemes', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.components?.securitySchemes).toEqual({
      token: { type: 'apiKey', in: 'header', name: 'token' },
      api_access_token: { type: 'apiKey', in: 'header', name: 'api_access_token' },
    });
  });

  it('puts data into the envelope, with an example of the whole', () => {
    const media = json('/api/thing', 'patch', 200);
    expect(media?.schema).toMatchObject({
      required: ['error', 'code', 'message', 'timestamp', 'data'],
      properties: { data: { $ref: '#/components/schemas/ThingDto' } },
    });
    expect(media?.examples?.SUCCESS?.value).toEqual({
      error: false,
      code: 200,
      message: 'Changed',
      timestamp: 1_764_000_000_000,
      data: { name: 'Front desk' },
    });
  });

  it('shows a page as items and a cursor that may be null', () => {
    expect(json('/api/thing', 'get', 200)?.schema).toMatchObject({
      properties: {
        data: {
          properties: {
            items: { type: 'array', items: { $ref: '#/components/schemas/ThingDto' } },
            next_cursor: { type: ['string', 'null'] },
          },
        },
      },
    });
  });

  it('adds the reasons that a body has', () => {
    const found = [400, 401, 403, 413, 415, 422, 500, 503].map((status) => reasons('/api/thing', 'patch', status));
    expect(found).toEqual([
      ['MALFORMED_JSON', 'AGENT_NAME_REQUIRED'],
      ['UNAUTHENTICATED'],
      ['FORBIDDEN'],
      ['PAYLOAD_TOO_LARGE'],
      ['UNSUPPORTED_MEDIA_TYPE'],
      ['VALIDATION_FAILED', 'NUMBER_NOT_AVAILABLE'],
      ['INTERNAL'],
      ['UNAVAILABLE', 'PROVIDER_UNAVAILABLE'],
    ]);
  });

  it('adds the one that a query has, and none to a route that takes nothing', () => {
    expect(Object.keys(responses('/api/thing', 'get'))).toEqual(['200', '401', '403', '422', '500', '503']);
    expect(Object.keys(responses('/api/thing/bare', 'get')).sort()).toEqual(['401', '403', '404', '500', '503']);
  });

  it('shows an unreachable provider under each of its statuses', () => {
    for (const status of [502, 503, 504]) {
      const example = json('/api/thing', 'patch', status)?.examples?.PROVIDER_UNAVAILABLE;
      expect(example?.value).toMatchObject({ code: status, data: { reason: 'PROVIDER_UNAVAILABLE' } });
    }
  });

  it('makes examples of the real bodies', () => {
    const { value } = json('/api/thing', 'patch', 403)?.examples?.FORBIDDEN ?? {};
    expect(value).toMatchObject({
      error: true,
      code: 403,
      message: 'Token lacks the scope numbers:write',
      data: { reason: 'FORBIDDEN', request_id: expect.any(String) as string },
    });
  });

  it('describes errors by one schema', () => {
    expect(json('/api/thing', 'get', 401)?.schema).toEqual({ $ref: '#/components/schemas/ErrorEnvelopeDto' });
    expect(document.components?.schemas?.ErrorEnvelopeDto).toMatchObject({
      required: ['error', 'code', 'message', 'timestamp', 'data'],
      properties: { data: { allOf: [{ $ref: '#/components/schemas/ErrorDataDto' }] } },
    });
    expect(document.components?.schemas?.ErrorDataDto).toMatchObject({
      required: ['reason', 'request_id', 'details'],
      properties: { details: { type: 'array', items: { $ref: '#/components/schemas/ErrorDetailDto' } } },
    });
  });

  it('describes the headers of answers', () => {
    expect(responses('/api/thing', 'get')[200]?.headers).toHaveProperty('X-Request-Id');
    expect(responses('/api/thing', 'get')[401]?.headers).not.toHaveProperty('Retry-After');
    expect(responses('/api/thing', 'get')[503]?.headers).toHaveProperty('Retry-After');
  });

  it('takes schemas from the field decorators', () => {
    expect(document.components?.schemas?.ThingBody).toEqual({
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 255, description: 'Its name', example: 'Front desk' },
        purpose: { type: ['string', 'null'], enum: ['TEST', 'PRODUCTION', null], description: 'Its purpose' },
        connect: {
          anyOf: [{ $ref: '#/components/schemas/ConnectDto' }, { type: 'null' }],
          description: 'Where it answers',
        },
      },
    });
    expect(document.components?.schemas?.ThingDto).toMatchObject({
      properties: { name: { type: ['string', 'null'] } },
    });
  });

  it('says nullable nowhere, which OpenAPI 3.1 does not know', () => {
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });
});
