import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { ApiExtraModels, ApiResponse, getSchemaPath, type ExampleObject } from '@nestjs/swagger';
import { ERROR_CATALOG, type ErrorReason } from '../../common/errors/error-catalog';
import { ErrorEnvelopeDto } from './error-envelope.dto';
import { exampleError } from './examples';
import { REQUEST_ID_RESPONSE_HEADER, RETRY_AFTER_RESPONSE_HEADER } from './response-headers';

const COMMON_REASONS = ['UNAUTHENTICATED', 'FORBIDDEN', 'INTERNAL', 'UNAVAILABLE'] as const;
const BODY_REASONS = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'MALFORMED_JSON', 'VALIDATION_FAILED'] as const;

/** Reasons that come with more statuses than the catalogue's. */
const FURTHER_STATUSES: Partial<Record<ErrorReason, readonly number[]>> = {
  NUMBER_NOT_ATTACHED: [422],
  PROVIDER_UNAVAILABLE: [502, 504],
};

const RETRYABLE_STATUSES = new Set([429, 503]);
/** Those of other statuses that say when to try again. */
const RETRYABLE_REASONS: ReadonlySet<ErrorReason> = new Set(['CALL_NOT_PLACED_YET', 'SYNC_IN_PROGRESS']);

/**
 * Documents the errors of an operation: each reason is a named example under its status. Those that every operation
 * has, and those that every operation with a body or a query has, are added.
 */
export function ApiErrors(...reasons: ErrorReason[]): MethodDecorator {
  return (target, method, descriptor) => {
    const all = new Set<ErrorReason>([...impliedReasons(target, method), ...reasons]);
    ApiExtraModels(ErrorEnvelopeDto)(target, method, descriptor);
    for (const [status, names] of byStatus(all)) documentStatus(status, names)(target, method, descriptor);
  };
}

function documentStatus(status: number, reasons: readonly ErrorReason[]): MethodDecorator {
  const examples: Record<string, ExampleObject> = {};
  for (const reason of reasons) {
    examples[reason] = { summary: ERROR_CATALOG[reason].message, value: exampleError(reason, status) };
  }
  const saysWhen = RETRYABLE_STATUSES.has(status) || reasons.some((reason) => RETRYABLE_REASONS.has(reason));
  return ApiResponse({
    status,
    description: reasons.map((reason) => `\`${reason}\`: ${ERROR_CATALOG[reason].message}`).join('\n\n'),
    headers: saysWhen ? { ...REQUEST_ID_RESPONSE_HEADER, ...RETRY_AFTER_RESPONSE_HEADER } : REQUEST_ID_RESPONSE_HEADER,
    content: { 'application/json': { schema: { $ref: getSchemaPath(ErrorEnvelopeDto) }, examples } },
  });
}

function byStatus(reasons: Iterable<ErrorReason>): Map<number, ErrorReason[]> {
  const groups = new Map<number, ErrorReason[]>();
  for (const reason of reasons) {
    for (const status of [ERROR_CATALOG[reason].status, ...(FURTHER_STATUSES[reason] ?? [])]) {
      groups.set(status, [...(groups.get(status) ?? []), reason]);
    }
  }
  return groups;
}

/** Parameter decorators run before those of their method, so what the method takes is known here. */
function impliedReasons(target: object, method: string | symbol): ErrorReason[] {
  const implied: ErrorReason[] = [...COMMON_REASONS];
  if (takes(target, method, RouteParamtypes.BODY)) implied.push(...BODY_REASONS);
  else if (takes(target, method, RouteParamtypes.QUERY)) implied.push('VALIDATION_FAILED');
  return implied;
}

function takes(target: object, method: string | symbol, kind: RouteParamtypes): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, method) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${kind}:`));
}
