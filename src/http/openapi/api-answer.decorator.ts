import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath, type ReferenceObject, type SchemaObject } from '@nestjs/swagger';
import { exampleSuccess } from './examples';
import { REQUEST_ID_RESPONSE_HEADER } from './response-headers';

export interface ApiAnswerOptions {
  /** The envelope's message; the same as `@Answer`'s. */
  readonly message: string;
  /** The envelope's `data`, as an example; with `isPage` the whole page. */
  readonly example?: object;
  /** `data` is a page of the DTO, not the DTO itself. */
  readonly isPage?: boolean;
}

/** Documents the success of an operation: the envelope around `data`. */
export function ApiAnswer(status: 200 | 201 | 202, data: Type<object>, options: ApiAnswerOptions): MethodDecorator {
  const { message, example, isPage = false } = options;
  const reference: ReferenceObject = { $ref: getSchemaPath(data) };
  const content = {
    schema: envelopeSchema(status, message, isPage ? pageSchema(reference) : reference),
    ...(example === undefined
      ? {}
      : { examples: { SUCCESS: { summary: message, value: exampleSuccess(status, message, example) } } }),
  };
  return applyDecorators(
    ApiExtraModels(data),
    ApiResponse({
      status,
      description: message,
      headers: REQUEST_ID_RESPONSE_HEADER,
      content: { 'application/json': content },
    }),
  );
}

function envelopeSchema(status: number, message: string, data: SchemaObject | ReferenceObject): SchemaObject {
  return {
    type: 'object',
    required: ['error', 'code', 'message', 'timestamp', 'data'],
    properties: {
      error: { type: 'boolean', enum: [false], description: 'Whether the request failed' },
      code: { type: 'integer', example: status, description: 'Equals the HTTP status' },
      message: { type: 'string', example: message, description: 'For people' },
      timestamp: { type: 'integer', format: 'int64', example: 1764000000000, description: 'Unix time in milliseconds' },
      data,
    },
  };
}

function pageSchema(item: ReferenceObject): SchemaObject {
  return {
    type: 'object',
    required: ['items', 'next_cursor'],
    properties: {
      items: { type: 'array', items: item, description: 'The items of this page' },
      next_cursor: {
        type: 'string',
        nullable: true,
        description: 'The `cursor` that the following page is asked for with; `null` on the last one',
      },
    },
  };
}
