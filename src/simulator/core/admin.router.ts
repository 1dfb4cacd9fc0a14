import { NextFunction, Request, Response, Router } from 'express';
import { callRoutes } from './call.router';
import { BadInput, integerOf, recordOf } from './input';
import { parseMode } from './mode';
import { Vendor } from './vendor';
import { VendorControl } from './vendor-control';
import { toVendorRequest } from './vendor-request';
import { send } from './vendor.router';

export interface AdminContext {
  readonly vendors: Readonly<Record<string, Vendor<unknown>>>;
  readonly controls: Readonly<Record<string, VendorControl>>;
  seed(input: unknown): void;
  persist(): Promise<void>;
}

/** Everything below `/_sim`: what a test or a demo may see and do that no vendor offers. Has no authentication. */
export function adminRouter(context: AdminContext): Router {
  const router = Router();
  router.use(onlyLoopback, onlyJson);

  router.get('/state', (_req, res) => {
    const state = Object.entries(context.vendors).map(([name, vendor]) => [name, vendor.overview()] as const);
    res.json(Object.fromEntries(state));
  });
  router.post('/seed', async (req, res) => {
    context.seed(bodyOf(req));
    await context.persist();
    res.status(204).end();
  });

  for (const [name, control] of Object.entries(context.controls)) controlRoutes(router, name, control);

  for (const [name, vendor] of Object.entries(context.vendors)) {
    const calls = vendor.calls ? callRoutes(vendor.calls) : [];
    for (const route of [...calls, ...vendor.adminRoutes]) {
      router[route.method](`/${name}${route.path}`, async (req, res) => {
        const reply = await route.handle(toVendorRequest(req));
        if (route.effect === 'write') await context.persist();
        send(res, reply);
      });
    }
  }

  router.use((req, res) => {
    res.status(404).json({ error: `the simulator has no ${req.method} ${req.originalUrl}` });
  });
  return router;
}

function controlRoutes(router: Router, name: string, control: VendorControl): void {
  router
    .route(`/${name}/mode`)
    .get((_req, res) => void res.json(control.mode.current()))
    .post((req, res) => {
      control.mode.set(parseMode(bodyOf(req)));
      res.json(control.mode.current());
    })
    .delete((_req, res) => {
      control.mode.clear();
      res.status(204).end();
    });
  router
    .route(`/${name}/rate-limit`)
    .get((_req, res) => void res.json({ requests_per_second: control.rateLimit.rate() }))
    .post((req, res) => {
      const body = recordOf(bodyOf(req), 'rate limit', ['requests_per_second']);
      control.rateLimit.set(integerOf(body.requests_per_second, 1, 1_000_000, 'requests_per_second'));
      res.json({ requests_per_second: control.rateLimit.rate() });
    })
    .delete((_req, res) => {
      control.rateLimit.set(null);
      res.status(204).end();
    });
  router
    .route(`/${name}/requests`)
    .get((_req, res) => void res.json(control.requests.read()))
    .delete((_req, res) => {
      control.requests.clear();
      res.status(204).end();
    });
}

function bodyOf(req: Request): unknown {
  const body = toVendorRequest(req).json;
  if (body === undefined) throw new BadInput('the body must be JSON');
  return body;
}

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || /^(::ffff:)?127\./.test(address));
}

function onlyLoopback(req: Request, res: Response, next: NextFunction): void {
  if (isLoopback(req.socket.remoteAddress)) return next();
  res.status(403).json({ error: 'the simulator is administered from its own machine only' });
}

/** A web page in a browser on this machine can post a form here, but not JSON without being asked first. */
function onlyJson(req: Request, res: Response, next: NextFunction): void {
  if (typeof req.body !== 'string' || req.body === '' || req.is('application/json')) return next();
  res.status(415).json({ error: 'send the body as application/json' });
}
