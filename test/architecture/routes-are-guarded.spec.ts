import { Controller, Get, Post } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Authenticated, Public } from '../../src/auth/authenticated.decorator';
import { SCOPES } from '../../src/auth/scopes';
import { expectError } from '../support/envelope';
import { type ExpressRoute, expressRoutes } from '../support/express-routes';
import { type GuardedRoute, guardedRoutes, routesOf } from '../support/guarded-routes';
import { startTestApp, type TestApp } from '../support/test-app';

/** All that is open to everybody. */
const PUBLIC = [
  'all /inbound/:provider/:key',
  'all /inbound/:provider/:key/:number',
  'all /inbound/:provider/:key/status',
  'get /health/live',
  'get /health/ready',
  'get /metrics',
];

/** What is no controller's: the page of the API and the document behind it. */
const DOCUMENTATION = /^get \/(docs(\/|$)|openapi\.json$)/;

const OWNED_BY: Readonly<Record<string, string>> = {
  agent: 'agents',
  'phone-number': 'numbers',
  provider: 'providers',
  call: 'calls',
  'webhook-delivery': 'events',
};
/** Routes that belong to others by what they do. */
const OWNED_BY_DEED: readonly [RegExp, string][] = [
  [/(tach-phone-number|\/sync)$/, 'numbers'],
  [/\/redeliver$/, 'agents'],
  [/\/make-call$/, 'calls'],
];

const name = ({ method, path }: ExpressRoute) => `${method} ${path}`;

describe('Every route', () => {
  let app: TestApp;
  let routes: GuardedRoute[];

  beforeAll(async () => {
    app = await startTestApp();
    routes = guardedRoutes(app.nest.get(ModulesContainer));
  });
  afterAll(() => app.close());

  it('says who may call it', () => {
    expect(routes.length).toBeGreaterThan(20);
    expect(routes.filter(({ access }) => access === undefined).map(({ handler }) => handler)).toEqual([]);
  });

  it('is public only where that is meant', () => {
    const open = routes.filter(({ access }) => access?.kind === 'public');
    expect(open.map(name).sort()).toEqual(PUBLIC);
  });

  it('takes a scope of the list that goes with its path and method', () => {
    const scoped = routes.flatMap(({ access, ...route }) =>
      access?.kind === 'scope' ? [{ route: name(route), path: route.path, method: route.method, ...access }] : [],
    );
    for (const { route, path, method, scope } of scoped) {
      expect([route, SCOPES]).toEqual([route, expect.arrayContaining([scope])]);
      const byDeed = OWNED_BY_DEED.find(([pattern]) => pattern.test(path))?.[1];
      const owner = byDeed ?? OWNED_BY[path.split('/')[2] ?? ''];
      expect([route, scope]).toEqual([route, `${owner}:${method === 'get' ? 'read' : 'write'}`]);
    }
  });

  it("is a controller's, so that the guard sees it", () => {
    const answered = expressRoutes(app.nest)
      .map(name)
      .filter((route) => !DOCUMENTATION.test(route));
    expect([...new Set(answered)].sort()).toEqual(routes.map(name).sort());
  });

  it('turns a stranger away before it looks at anything else', async () => {
    const url = (path: string) => path.replaceAll(/:\w+/g, 'x');
    for (const { method, path, access } of routes.filter((route) => route.access?.kind === 'scope')) {
      expect(access).toBeDefined();
      const requests = [
        app.api()[method as 'post'](url(path)),
        app.api('not-a-token')[method as 'post'](url(path)),
        app
          .api()
          [method as 'post'](`${url(path)}?nonsense=1`)
          .set('Content-Type', 'application/json')
          .send('{'),
      ];
      for (const request of requests) {
        const message = 'Invalid Auth Key or Session Expired';
        expect(expectError(await request, 401, 'UNAUTHENTICATED', message)).toEqual([]);
      }
    }
  });
});

describe('The walk over the routes', () => {
  @Controller('api/thing')
  class PartlyClosedController {
    @Get()
    @Authenticated('agents:read')
    closed(): void {}

    @Get('open')
    @Public()
    open(): void {}

    @Post([':id', ':id/again'])
    forgotten(): void {}
  }

  @Public()
  @Controller(['a', 'b'])
  class PublicController {
    @Get('c')
    inherited(): void {}
  }

  it('finds the one that does not say', () => {
    expect(routesOf(PartlyClosedController).map((route) => [name(route), route.access?.kind])).toEqual([
      ['get /api/thing', 'scope'],
      ['get /api/thing/open', 'public'],
      ['post /api/thing/:id', undefined],
      ['post /api/thing/:id/again', undefined],
    ]);
  });

  it('takes what the controller says for those that do not', () => {
    expect(routesOf(PublicController).map((route) => [name(route), route.access?.kind])).toEqual([
      ['get /a/c', 'public'],
      ['get /b/c', 'public'],
    ]);
  });
});
