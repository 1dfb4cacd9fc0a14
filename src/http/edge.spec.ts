import { gzipSync } from 'node:zlib';
import { connect, type AddressInfo } from 'node:net';
import { request as httpRequest } from 'node:http';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Injectable,
  Param,
  Patch,
  Post,
  Query,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request, { type Response } from 'supertest';
import { AppError } from '../common/errors/app-error';
import type { Config } from '../config/config';
import { setupApp } from '../setup-app';
import { LoggerModule } from '../telemetry/logger.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { Answer } from './envelope/answer.decorator';
import { Caller, type Principal, type PrincipalRequest } from './principal';
import { ServerModule } from './server/server.module';
import { E164ListField, EnumField, FlagField, IdentifierField, QueryFlagField } from './validation/fields';

class AttachBody {
  @IdentifierField({ description: 'The agent', required: 'AGENT_ID_REQUIRED' })
  agent_id!: string;

  @EnumField(['san', 'twilio'], { description: 'The provider', required: 'PROVIDER_REQUIRED' })
  provider!: string;

  @E164ListField({ description: 'The numbers', required: 'NUMBERS_REQUIRED' })
  numbers!: string[];

  @FlagField({ description: 'Take them from other agents', optional: true })
  reassign = false;
}

class DryRunQuery {
  @QueryFlagField({ description: 'Change nothing', optional: true })
  dry_run = false;
}

class PatchBody {
  @IdentifierField({ description: 'A label', optional: true, nullable: true })
  label?: string | null;
}

@Controller('api/thing')
class ThingController {
  @Post()
  @HttpCode(200)
  @Answer('Things done')
  attach(@Query() query: DryRunQuery, @Body() body: AttachBody, @Caller() caller: Principal): object {
    return { ...body, ...query, account: caller.accountId };
  }

  @Post('bare')
  @HttpCode(200)
  @Answer('Nothing read')
  bare(): object {
    return {};
  }

  @Patch(':id')
  @Answer('Changed')
  patch(@Param('id') id: string, @Body() body: PatchBody): object {
    return { id, ...body };
  }

  @Delete(':id')
  @Answer('Deleted')
  remove(@Param('id') id: string): object {
    return { id };
  }

  @Get('crash')
  crash(): never {
    throw Object.assign(new Error('ER_PARSE_ERROR near SELECT secret'), {
      query: 'SELECT secret',
      parameters: ['s3cret'],
    });
  }

  @Get('database')
  database(): never {
    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:3306'), { code: 'ECONNREFUSED' });
  }

  @Get('later')
  later(): never {
    throw new AppError('PROVIDER_UNAVAILABLE', { status: 504, retryAfterS: 6.2 });
  }

  @Get('plain')
  plain(): object {
    return { plain: true };
  }
}

@Injectable()
class TokenIsGood implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<PrincipalRequest>();
    if (request.headers.token !== 'good') throw new AppError('UNAUTHENTICATED');
    request.principal = { accountId: 'acct_1', tokenId: 'tok_1', scopes: ['*'] };
    return true;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const GOOD = { agent_id: 'agent_1', provider: 'san', numbers: ['+918062810341'] };
const CONFIG = {
  http: { publicUrl: 'https://patchbay.example', port: 0, host: '127.0.0.1' },
  log: { level: 'silent', format: 'json' },
} as Config;

let app: NestExpressApplication;
let port: number;
let base: string;

beforeAll(async () => {
  const module = await Test.createTestingModule({
    imports: [ServerModule, TelemetryModule, LoggerModule.forRoot(CONFIG)],
    controllers: [ThingController],
    providers: [{ provide: APP_GUARD, useClass: TokenIsGood }],
  }).compile();
  app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  setupApp(app, CONFIG);
  await app.listen(0, '127.0.0.1');
  port = (app.getHttpServer().address() as AddressInfo).port;
  base = `http://127.0.0.1:${port}`;
});

afterAll(() => app.close());

const post = (path = '/api/thing') => request(base).post(path).set('token', 'good');

function expectEnvelope(body: unknown, code: number, reason: string): void {
  expect(body).toEqual({
    error: true,
    code,
    message: expect.any(String) as string,
    timestamp: expect.any(Number) as number,
    data: { reason, request_id: expect.any(String) as string, details: expect.any(Array) as unknown[] },
  });
}

function expectError(response: Response, code: number, reason: string): void {
  expect(response.status).toBe(code);
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  expectEnvelope(response.body, code, reason);
  expect((response.body as { data: { request_id: string } }).data.request_id).toBe(response.headers['x-request-id']);
}

/** Sends bytes as they are and gives back all that comes until the server closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}

function rawBody(answer: string): unknown {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as unknown;
}

describe('envelope', () => {
  it('wraps what a method with @Answer returns in exactly five members', async () => {
    const before = Date.now();
    const response = await post().send(GOOD);
    const body = response.body as { timestamp: number };
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      error: false,
      code: 200,
      message: 'Things done',
      timestamp: expect.any(Number) as number,
      data: { ...GOOD, reassign: false, dry_run: false, account: 'acct_1' },
    });
    expect(body.timestamp).toBeGreaterThanOrEqual(before);
    expect(body.timestamp).toBeLessThanOrEqual(Date.now());
  });

  it('leaves a method without @Answer alone', async () => {
    const response = await request(base).get('/api/thing/plain').set('token', 'good');
    expect(response.body).toEqual({ plain: true });
  });

  it.each([
    ['GET', '/api/nothing'],
    ['PUT', '/api/thing'],
    ['OPTIONS', '/api/thing'],
    ['OPTIONS', '/api/nothing'],
    ['PATCH', '/api'],
  ])('answers %s %s with ROUTE_NOT_FOUND', async (method, path) => {
    const response = await fetch(base + path, { method });
    expect(response.status).toBe(404);
    expectEnvelope(await response.json(), 404, 'ROUTE_NOT_FOUND');
  });

  it('answers HEAD of an unknown route without a body', async () => {
    const response = await request(base).head('/api/nothing');
    expect(response.status).toBe(404);
    expect(response.headers['x-request-id']).toMatch(UUID);
  });

  it.each(['/api/thing/%E0%A4%A', '/api/thing/%', '/api/thing/%ff'])('answers the bad escape of %s', async (path) => {
    const answer = await raw(
      `PATCH ${path} HTTP/1.1\r\nHost: x\r\ntoken: good\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expectEnvelope(rawBody(answer), 400, 'MALFORMED_REQUEST');
  });

  it('tells nothing of a crash but the request id', async () => {
    const response = await request(base).get('/api/thing/crash').set('token', 'good').set('X-Request-Id', 'crash-1');
    expectError(response, 500, 'INTERNAL');
    expect(response.body).toMatchObject({
      message: 'Internal server error',
      data: { request_id: 'crash-1', details: [] },
    });
  });

  it('says when to come back if the database cannot be reached', async () => {
    const response = await request(base).get('/api/thing/database').set('token', 'good');
    expectError(response, 503, 'UNAVAILABLE');
    expect(response.headers['retry-after']).toBe('1');
  });

  it('sends Retry-After in whole seconds', async () => {
    const response = await request(base).get('/api/thing/later').set('token', 'good');
    expectError(response, 504, 'PROVIDER_UNAVAILABLE');
    expect(response.headers['retry-after']).toBe('7');
  });

  it('shows neither the framework nor an etag, and forbids caching', async () => {
    const { headers } = await post().send(GOOD);
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000',
    });
  });
});

describe('request id', () => {
  it.each(['a', 'Az09._-', 'x'.repeat(128)])("keeps the caller's %s", async (id) => {
    const response = await post().set('X-Request-Id', id).send(GOOD);
    expect(response.headers['x-request-id']).toBe(id);
  });

  it.each(['x'.repeat(129), 'a b', 'a,b', 'é', '<script>'])('replaces %s', async (id) => {
    const response = await post().set('X-Request-Id', encodeHeader(id)).send(GOOD);
    expect(response.headers['x-request-id']).toMatch(UUID);
  });

  it('replaces one that was sent twice', async () => {
    const answer = await raw(
      'GET /api/nothing HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\nX-Request-Id: b\r\nConnection: close\r\n\r\n',
    );
    expect(/x-request-id: (\S+)/i.exec(answer)?.[1]).toMatch(UUID);
  });

  it('is on successes, errors and unknown routes alike, anew each time', async () => {
    const answers = [await post().send(GOOD), await post().send({}), await request(base).get('/nowhere')];
    const ids = answers.map(({ headers }) => headers['x-request-id'] as string);
    expect(ids.every((id) => UUID.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(3);
  });
});

function encodeHeader(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

describe('authentication comes before the body', () => {
  it.each([
    ['bad JSON', '{', 'application/json'],
    ['a body that fails validation', '{"agent_id":7}', 'application/json'],
    ['another media type', 'a=b', 'application/x-www-form-urlencoded'],
    ['nothing', '', 'application/json'],
  ])('for %s', async (_what, body, type) => {
    const response = await request(base).post('/api/thing').set('Content-Type', type).send(body);
    expectError(response, 401, 'UNAUTHENTICATED');
    expect(response.body).toMatchObject({
      message: 'Invalid Auth Key or Session Expired',
      data: { details: [] },
    });
  });

  it('answers 401 while a body of 8 MB is on its way, and serves the next request of the connection', async () => {
    const body = 'x'.repeat(8 * 1024 * 1024);
    const answer = await raw(
      `POST /api/thing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
        'GET /api/thing/plain HTTP/1.1\r\nHost: x\r\ntoken: good\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/HTTP\/1\.1 200 OK[\s\S]*\{"plain":true\}$/);
  });
});

describe('bodies', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF8',
    'Application/JSON ; charset="utf-8"',
    'application/json; profile=x',
  ])('takes %s', async (type) => {
    const response = await post().set('Content-Type', type).send(JSON.stringify(GOOD));
    expect(response.status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/vnd.api+json',
    'application/json; charset=utf-16',
    'application/json; charset=',
    'multipart/form-data; boundary=x',
  ])('refuses %s', async (type) => {
    const response = await post().set('Content-Type', type).send(JSON.stringify(GOOD));
    expectError(response, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('refuses a body without a media type', async () => {
    const text = JSON.stringify(GOOD);
    const answer = await raw(
      `POST /api/thing HTTP/1.1\r\nHost: x\r\ntoken: good\r\nConnection: close\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    expectEnvelope(rawBody(answer), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each([
    ['no body', 'Content-Length: 0\r\n\r\n'],
    ['no body, JSON', 'Content-Type: application/json\r\nContent-Length: 0\r\n\r\n'],
    ['an empty chunked body', 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('answers %s with MALFORMED_JSON', async (_what, rest) => {
    const answer = await raw(`POST /api/thing HTTP/1.1\r\nHost: x\r\ntoken: good\r\nConnection: close\r\n${rest}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expectEnvelope(rawBody(answer), 400, 'MALFORMED_JSON');
  });

  it.each(['{', '{"a":1,}', "{'a':1}", '[]', '[{}]', '"x"', '7', 'null', 'true', ' ', '{"a":1}{', '\ufeff'])(
    'answers %s with MALFORMED_JSON',
    async (text) => {
      const response = await post().set('Content-Type', 'application/json').send(text);
      expectError(response, 400, 'MALFORMED_JSON');
      expect(response.body).toMatchObject({ message: 'Request body is not valid JSON', data: { details: [] } });
    },
  );

  it('answers text that is not UTF-8 with MALFORMED_JSON', async () => {
    const response = await fetch(`${base}/api/thing`, {
      method: 'POST',
      headers: { token: 'good', 'Content-Type': 'application/json' },
      body: Buffer.concat([Buffer.from('{"agent_id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    });
    expectEnvelope(await response.json(), 400, 'MALFORMED_JSON');
  });

  it('takes 262,144 bytes and not one more', async () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify(GOOD);
      return text + ' '.repeat(bytes - text.length);
    };
    const fits = await post().set('Content-Type', 'application/json').send(padded(262_144));
    expect(fits.status).toBe(200);
    const exceeds = await post().set('Content-Type', 'application/json').send(padded(262_145));
    expectError(exceeds, 413, 'PAYLOAD_TOO_LARGE');
  });

  it('counts a chunked body', async () => {
    const sent = new Promise<number | undefined>((resolve, reject) => {
      const headers = { token: 'good', 'Content-Type': 'application/json' };
      const upload = httpRequest(`${base}/api/thing`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      upload.on('error', reject);
      for (let chunk = 0; chunk < 5; chunk++) upload.write(' '.repeat(65_536));
      upload.end();
    });
    expect(await sent).toBe(413);
  });

  it('counts a compressed body after decompression', async () => {
    const send = (text: string) =>
      fetch(`${base}/api/thing`, {
        method: 'POST',
        headers: { token: 'good', 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: gzipSync(text),
      });
    const fits = await send(JSON.stringify(GOOD));
    expect(fits.status).toBe(200);
    const exceeds = await send(JSON.stringify(GOOD) + ' '.repeat(300_000));
    expectEnvelope(await exceeds.json(), 413, 'PAYLOAD_TOO_LARGE');
  });

  it.each([
    ['an unknown encoding', 'lzma', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body that is not gzip', 'gzip', 400, 'MALFORMED_REQUEST'],
  ])('refuses %s', async (_what, encoding, status, reason) => {
    const response = await fetch(`${base}/api/thing`, {
      method: 'POST',
      headers: { token: 'good', 'Content-Type': 'application/json', 'Content-Encoding': encoding },
      body: 'not compressed',
    });
    expectEnvelope(await response.json(), status, reason);
  });

  it('does not read a body that no parameter asks for', async () => {
    const response = await post('/api/thing/bare').set('Content-Type', 'text/plain').send('{');
    expect(response.status).toBe(200);
    const removed = await request(base).delete('/api/thing/7').set('token', 'good').send('{');
    expect(removed.body).toMatchObject({ message: 'Deleted', data: { id: '7' } });
  });
});

describe('validation', () => {
  const reasonOf = (response: Response) => (response.body as { data: { reason: string } }).data.reason;
  const fieldsOf = (response: Response) =>
    (response.body as { data: { details: { field: string }[] } }).data.details.map(({ field }) => field);

  it('ranks required members, then malformed ones, then numbers, and lists all of them', async () => {
    const everything = { agent_id: ' ', provider: null, numbers: ['+1', 7, '+999123456789'], nonsense: 1 };
    const response = await post().send(everything);
    expectError(response, 400, 'AGENT_ID_REQUIRED');
    expect(response.body).toMatchObject({ message: 'Agent ID is required' });
    expect(fieldsOf(response)).toEqual(['agent_id', 'provider', 'numbers[1]', 'nonsense', 'numbers[0]', 'numbers[2]']);
  });

  it.each([
    [{ ...GOOD, agent_id: undefined }, 400, 'AGENT_ID_REQUIRED', 'Agent ID is required'],
    [{ ...GOOD, agent_id: '' }, 400, 'AGENT_ID_REQUIRED', 'Agent ID is required'],
    [{ ...GOOD, provider: '\t' }, 400, 'PROVIDER_REQUIRED', 'Provider is required'],
    [{ ...GOOD, numbers: [] }, 400, 'NUMBERS_REQUIRED', 'Phone number(s) are required'],
    [{ ...GOOD, numbers: null }, 400, 'NUMBERS_REQUIRED', 'Phone number(s) are required'],
    [{ ...GOOD, provider: 'acme' }, 422, 'VALIDATION_FAILED', 'provider must be one of: san, twilio'],
    [{ ...GOOD, agent_id: 7 }, 422, 'VALIDATION_FAILED', 'agent_id must be a string'],
    [{ ...GOOD, numbers: 'x' }, 422, 'VALIDATION_FAILED', 'numbers must be an array'],
    [{ ...GOOD, numbers: ['+918062810341', '+1', null] }, 422, 'VALIDATION_FAILED', 'numbers[2] must be a string'],
    [{ ...GOOD, nonsense: 1 }, 422, 'VALIDATION_FAILED', 'nonsense is not a known member'],
    [{ ...GOOD, constructor: {} }, 422, 'VALIDATION_FAILED', 'constructor is not a known member'],
    [{ ...GOOD, prototype: {} }, 422, 'VALIDATION_FAILED', 'prototype is not a known member'],
    [{ ...GOOD, reassign: null }, 422, 'VALIDATION_FAILED', 'reassign must not be null'],
    [
      { ...GOOD, numbers: ['918062810341'] },
      400,
      'INVALID_PHONE_NUMBER_FORMAT',
      'Invalid phone number format. Use E.164 format',
    ],
  ])('answers %j with %i %s', async (body, status, reason, message) => {
    const response = await post().send(body);
    expectError(response, status, reason);
    expect(response.body).toMatchObject({ message });
  });

  it('refuses an own __proto__ at any depth', async () => {
    const text = `{"agent_id":"a","provider":"san","numbers":["+918062810341"],"__proto__":{"reassign":true}}`;
    const top = await post().set('Content-Type', 'application/json').send(text);
    expectError(top, 422, 'VALIDATION_FAILED');
    expect(fieldsOf(top)).toContain('__proto__');
    const deep = await post().set('Content-Type', 'application/json').send('{"a":[{"b":{"__proto__":1}}]}');
    expect(fieldsOf(deep)).toContain('a[0].b.__proto__');
  });

  it('answers 130,000 nested arrays with VALIDATION_FAILED', async () => {
    const text = `{"agent_id":"a","provider":"san","numbers":${'['.repeat(130_000)}${']'.repeat(130_000)}}`;
    const response = await post().set('Content-Type', 'application/json').send(text);
    expectError(response, 422, 'VALIDATION_FAILED');
    expect(response.body).toMatchObject({
      data: { details: [{ message: expect.stringContaining('32 levels') as string }, {}] },
    });
  });

  it('takes 1,000 numbers, and 1,001 are one fault', async () => {
    const many = (count: number) => ({ ...GOOD, numbers: Array.from({ length: count }, () => '+918062810341') });
    expect((await post().send(many(1_000))).status).toBe(200);
    const response = await post().send(many(1_001));
    expect(reasonOf(response)).toBe('VALIDATION_FAILED');
    expect(fieldsOf(response)).toEqual(['numbers']);
  });

  it('cuts a value at 100 characters', async () => {
    const response = await post().send({ ...GOOD, numbers: ['+'.repeat(5_000)] });
    expect(response.body).toMatchObject({ data: { details: [{ field: 'numbers[0]', value: '+'.repeat(100) }] } });
  });

  it.each([
    ['dry_run=yes', 'dry_run', 'dry_run must be true or false'],
    ['dry_run=true&dry_run=true', 'dry_run', 'dry_run must be given once'],
    ['dryrun=true', 'dryrun', 'dryrun is not a known member'],
    ['__proto__=true', '__proto__', '__proto__ is not a known member'],
  ])('refuses the query %s', async (query, field, message) => {
    const response = await post(`/api/thing?${query}`).send(GOOD);
    expectError(response, 422, 'VALIDATION_FAILED');
    expect(response.body).toMatchObject({ message });
    expect(fieldsOf(response)).toEqual([field]);
  });

  it('makes a boolean of a query flag', async () => {
    const response = await post('/api/thing?dry_run=true').send(GOOD);
    expect(response.body).toMatchObject({ data: { dry_run: true } });
  });

  it('answers for the body where the query is at fault as well', async () => {
    const response = await post('/api/thing?dry_run=yes').send({ ...GOOD, agent_id: '' });
    expect(reasonOf(response)).toBe('AGENT_ID_REQUIRED');
  });

  it('lets PATCH leave out and clear what may be', async () => {
    const patch = (body: object) => request(base).patch('/api/thing/9').set('token', 'good').send(body);
    expect((await patch({})).body).toMatchObject({ data: { id: '9' } });
    expect((await patch({ label: null })).body).toMatchObject({ data: { label: null } });
  });
});

describe("what Node's parser refuses", () => {
  it.each([
    ['a header without a name', 'GET /api/thing HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['headers of 20 KB', `GET /api/thing HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a target of 20 KB', `GET /api/${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['two lengths', 'POST /api/thing HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400],
    [
      'a bad chunk',
      'POST /api/thing HTTP/1.1\r\nHost: x\r\ntoken: good\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
  ])('answers %s with the envelope and closes', async (_what, text, status) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(/X-Request-Id: (\S+)/i.exec(answer)?.[1]).toMatch(UUID);
    expectEnvelope(rawBody(answer), status, 'MALFORMED_REQUEST');
  });

  it('answers a request of HTTP/1.1 without Host', async () => {
    const answer = await raw('GET /api/nothing HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expectEnvelope(rawBody(answer), 400, 'MALFORMED_REQUEST');
  });

  it('ignores an expectation that it does not know', async () => {
    const answer = await raw('GET /api/nothing HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expectEnvelope(rawBody(answer), 404, 'ROUTE_NOT_FOUND');
  });
});

describe('documentation', () => {
  it('serves the document', async () => {
    const response = await request(base).get('/openapi.json');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.body).toMatchObject({ openapi: '3.1.0', paths: { '/api/thing': { post: {} } } });
  });

  it.each(['/docs', '/docs/'])(
    'serves Swagger UI at %s, which may style itself and loads nothing from elsewhere',
    async (path) => {
      const response = await request(base).get(path);
      expect(response.status).toBe(200);
      const policy = response.headers['content-security-policy'];
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("style-src 'self' 'unsafe-inline'");
      expect(policy).not.toContain('upgrade-insecure-requests');
      expect(response.text).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
      expect(response.text).not.toMatch(/<script>/);
    },
  );

  it.each(['swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js', 'swagger-ui.css', 'favicon-32x32.png'])(
    'serves %s from the installed package',
    async (file) => {
      expect((await request(base).get(`/docs/${file}`)).status).toBe(200);
    },
  );

  it('keeps the token between visits and opens every operation to trying', async () => {
    const { text } = await request(base).get('/docs/swagger-ui-init.js');
    expect(text).toContain('"persistAuthorization": true');
    expect(text).toContain('"tryItOutEnabled": true');
  });
});

describe('the server', () => {
  it('has time limits', () => {
    expect(app.getHttpServer()).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
    });
  });
});
