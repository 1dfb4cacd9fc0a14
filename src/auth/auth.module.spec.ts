import { type ArgumentsHost, Catch, Controller, Get, type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import type { Response } from 'express';
import request from 'supertest';
import { AppError } from '../common/errors/app-error';
import { loadConfig } from '../config/load-config';
import { type Principal, Caller } from '../http/principal';
import { AuthModule } from './auth.module';
import { Authenticated, Public } from './authenticated.decorator';
import { TokenService } from './token.service';

@Controller()
class Routes {
  @Get('guarded')
  @Authenticated('numbers:read')
  guarded(@Caller() caller: Principal): Principal {
    return caller;
  }

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('silent')
  silent(): string {
    return 'silent';
  }
}

@Catch(AppError)
class StatusOnly {
  catch(error: AppError, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Response>().status(error.status).end();
  }
}

let app: INestApplication;

beforeAll(async () => {
  const config = loadConfig({ DATABASE_URL: 'sqlite::memory:' }, '/');
  const module = await Test.createTestingModule({
    imports: [AuthModule.forRoot(config)],
    controllers: [Routes],
  }).compile();
  app = module.createNestApplication({ logger: false });
  app.useGlobalFilters(new StatusOnly());
  await app.init();
});

afterAll(async () => {
  await app.close();
});

it('closes every route of the application but the public ones', async () => {
  const server = app.getHttpServer() as Parameters<typeof request>[0];
  const { token, accountId, tokenId } = await app
    .get(TokenService)
    .create({ accountName: 'Acme', scopes: ['numbers:read'] });

  await request(server).get('/open').expect(200);
  await request(server).get('/silent').set('token', token).expect(401);
  await request(server).get('/guarded').expect(401);
  await request(server)
    .get('/guarded')
    .set('api_access_token', token)
    .expect(200, { accountId, tokenId, scopes: ['numbers:read'] });
});

it('documents either header as sufficient, and the scope', () => {
  const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());

  expect(paths['/guarded']?.get).toMatchObject({
    security: expect.arrayContaining([{ token: [] }, { api_access_token: [] }]) as unknown,
    'x-required-scope': 'numbers:read',
  });
  expect(paths['/guarded']?.get?.security).toHaveLength(2);
  expect(paths['/open']?.get).not.toHaveProperty('security');
});
