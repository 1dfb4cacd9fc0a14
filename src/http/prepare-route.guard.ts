import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import type { Response } from 'express';
import { readJsonBody, type RawBodyRequest } from './body/json-body';
import { OPTIONAL_BODY } from './body/optional-body.decorator';
import { ANSWER_MESSAGE } from './envelope/answer.decorator';
import { answerWith } from './envelope/envelope-replies';

type Handler = ReturnType<ExecutionContext['getHandler']>;

interface RouteFacts {
  readonly message: string | undefined;
  readonly takesBody: boolean;
  readonly isBodyOptional: boolean;
}

const API_PATH = /^\/api\//i;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Admits everybody, but parses the body where the handler of a route under `/api` takes one, and notes the message of
 * its answer. It stands behind the guard that authenticates (those of modules come first, then those that the
 * application adds), so a stranger is refused before a byte of the body is looked at; and before the pipes, which
 * validate. Nest's interceptors have the same place, at many times the price.
 */
export class PrepareRouteGuard implements CanActivate {
  private readonly facts = new WeakMap<Handler, RouteFacts>();

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<RawBodyRequest>();
    const response = http.getResponse<Response>();
    const { message, takesBody, isBodyOptional } = this.factsOf(context);
    if (message !== undefined) answerWith(response, message);
    if (!takesBody || !METHODS_WITH_BODY.has(request.method) || !API_PATH.test(request.originalUrl)) return true;
    return readJsonBody(request, response, isBodyOptional).then(() => true);
  }

  private factsOf(context: ExecutionContext): RouteFacts {
    const handler = context.getHandler();
    const known = this.facts.get(handler);
    if (known) return known;
    const facts = {
      message: Reflect.getMetadata(ANSWER_MESSAGE, handler) as string | undefined,
      isBodyOptional: Reflect.getMetadata(OPTIONAL_BODY, handler) === true,
      takesBody: hasBodyParameter(context.getClass(), handler),
    };
    this.facts.set(handler, facts);
    return facts;
  }
}

function hasBodyParameter(controller: object, handler: Handler): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
}
