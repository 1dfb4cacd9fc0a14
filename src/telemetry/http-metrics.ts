import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Metrics } from './metrics';

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Observes how long each request took, by the route's pattern, so that no path becomes a label of its own. */
export function observeRequests(metrics: Metrics): RequestHandler {
  const duration = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests from the first byte of the request to the last of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
  });
  return (request: Request, response: Response, next: NextFunction) => {
    const startMs = performance.now();
    response.once('close', () => {
      const labels = { method: request.method, route: routeOf(request), status: statusOf(response) };
      duration.observe(labels, (performance.now() - startMs) / 1_000);
    });
    next();
  };
}

/** What no route matched has at most the catch-all of a middleware. */
function routeOf(request: Request): string {
  const { route } = request as { route?: { path?: unknown } };
  return typeof route?.path === 'string' && !route.path.includes('*') ? route.path : 'none';
}

function statusOf(response: Response): string {
  return response.writableFinished ? String(response.statusCode) : 'aborted';
}
