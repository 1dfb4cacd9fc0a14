import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

const DOCS_PATH = /^\/docs(?:\/|$)/i;

/** For answers that are data: nothing in them runs, is framed, or is kept. */
const DATA_OPTIONS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/** Swagger UI styles inline, draws with data URLs, and must work over plain HTTP. */
const DOCS_OPTIONS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'base-uri': ["'self'"],
      'form-action': ["'self'"],
      'object-src': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
};

/** Headers for browsers; with `isHttps`, that they come back over HTTPS only. */
export function securityHeaders(isHttps: boolean): RequestHandler {
  const strictTransportSecurity = isHttps && { includeSubDomains: false };
  const data = helmet({ ...DATA_OPTIONS, strictTransportSecurity });
  const docs = helmet({ ...DOCS_OPTIONS, strictTransportSecurity });
  return (request: Request, response: Response, next: NextFunction) => {
    if (DOCS_PATH.test(request.path)) {
      docs(request, response, next);
      return;
    }
    response.setHeader('Cache-Control', 'no-store');
    data(request, response, next);
  };
}
