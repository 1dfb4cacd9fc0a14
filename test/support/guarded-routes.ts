import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { MetadataScanner, type ModulesContainer, Reflector } from '@nestjs/core';
import { ACCESS, type Access } from '../../src/auth/authenticated.decorator';
import type { ExpressRoute } from './express-routes';

/** A handler of a controller, and who may call it; `undefined` where it does not say. */
export interface GuardedRoute extends ExpressRoute {
  readonly handler: string;
  readonly access: Access | undefined;
}

/** Every route of every controller that the application has made. */
export function guardedRoutes(modules: ModulesContainer): GuardedRoute[] {
  const controllers = [...modules.values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as Type<object>),
  );
  return [...new Set(controllers)].flatMap(routesOf);
}

/** The routes of one controller, by the metadata that Nest's router and our guard read. */
export function routesOf(controller: Type<object>): GuardedRoute[] {
  const reflector = new Reflector();
  const prototype = controller.prototype as Record<string, () => unknown>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    if (!handler || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
    const method = reflector.get<RequestMethod>(METHOD_METADATA, handler);
    const access = reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
    return pathsOf(reflector, controller).flatMap((prefix) =>
      pathsOf(reflector, handler).map((path) => ({
        method: RequestMethod[method].toLowerCase(),
        path: `/${[prefix, path]
          .flatMap((part) => part.split('/'))
          .filter(Boolean)
          .join('/')}`,
        handler: `${controller.name}.${name}`,
        access,
      })),
    );
  });
}

function pathsOf(reflector: Reflector, target: Type<object> | (() => unknown)): string[] {
  return [reflector.get<string | string[]>(PATH_METADATA, target)].flat();
}
