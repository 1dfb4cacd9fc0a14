import { setTimeout as sleep } from 'node:timers/promises';
import { Request, Response, Router } from 'express';
import { Effect, Vendor, VendorContext, VendorReply, VendorRoute } from './vendor';
import { VendorControl } from './vendor-control';
import { toVendorRequest } from './vendor-request';

export interface ServeContext extends VendorContext {
  /** Aborted when the simulator closes; requests that wait then end without an answer. */
  readonly closing: AbortSignal;
  /** The path that the vendor's own paths follow: `/telnyx`, or nothing. */
  readonly mount: string;
  persist(): Promise<void>;
}

/** Serves a vendor's paths, with everything its control says standing between the network and its handlers. */
export function vendorRouter(vendor: Vendor<unknown>, control: VendorControl, context: ServeContext): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const route of vendor.routes) {
    router[route.method](route.path, (req, res) => serve(vendor, control, context, route, req, res));
  }
  router.use([...vendor.prefixes], (req, res) => serve(vendor, control, context, undefined, req, res));
  return router;
}

async function serve(
  vendor: Vendor<unknown>,
  control: VendorControl,
  context: ServeContext,
  route: VendorRoute | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const request = toVendorRequest(req, context.mount);
  const finish = control.requests.begin(req.method, req.originalUrl.slice(context.mount.length), context.now());
  const fail = (status: number, fault: string, retryAfterS?: number) => {
    finish(status, fault);
    const reply = vendor.failure(status, request);
    if (retryAfterS !== undefined) res.set('Retry-After', String(retryAfterS));
    send(res, reply);
  };

  const waitS = control.rateLimit.take();
  if (waitS !== null) return fail(429, 'rate_limit', waitS);

  const { latencyMs, fault, status, retryAfterS } = control.mode.next(effectOf(route, req));
  if (latencyMs > 0 && !(await waited(latencyMs, context.closing))) return;
  if (fault === 'refuse') return fail(status, fault, retryAfterS);
  if (fault === 'hang') return finish(null, fault);

  // A client that has gone away meanwhile changes nothing: real vendors apply late requests too.
  const reply = route ? await route.handle(request) : vendor.failure(404, request);
  if (route?.effect === 'write') await context.persist();

  if (fault === 'apply_then_fail') return fail(status, fault, retryAfterS);
  if (fault === 'apply_then_hang') return finish(null, fault);
  finish(reply.status);
  send(res, reply);
}

function effectOf(route: VendorRoute | undefined, req: Request): Effect {
  return route?.effect ?? (req.method === 'GET' || req.method === 'HEAD' ? 'read' : 'write');
}

async function waited(ms: number, closing: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal: closing }).catch(() => false);
}

export function send(res: Response, reply: VendorReply): void {
  res.status(reply.status).set(reply.headers ?? {});
  if (reply.body === undefined) res.end();
  else if (typeof reply.body === 'string') res.send(reply.body);
  else res.json(reply.body);
}
