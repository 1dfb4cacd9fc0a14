import type { NestExpressApplication } from '@nestjs/platform-express';

export interface ExpressRoute {
  /** Lower case; `all` for every method. */
  readonly method: string;
  /** As Express has it: `/api/agent/:agent_id`. */
  readonly path: string;
}

interface Layer {
  readonly route?: {
    readonly path: string | string[];
    readonly methods: Record<string, boolean>;
    readonly stack: readonly { readonly method?: string }[];
  };
}

/** Every method of `Router#all`: more than any route of ours lists by name. */
const ALL = 20;

/** What the router of a running application answers, whoever put it there. */
export function expressRoutes(app: NestExpressApplication): ExpressRoute[] {
  const express = app.getHttpAdapter().getInstance() as unknown as { readonly router: { readonly stack: Layer[] } };
  return express.router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const named = Object.keys(route.methods).filter((method) => route.methods[method]);
    const methods = named.length > ALL || named.includes('_all') ? ['all'] : named;
    const paths = typeof route.path === 'string' ? [route.path] : route.path;
    return paths.flatMap((path) => methods.map((method) => ({ method, path })));
  });
}
