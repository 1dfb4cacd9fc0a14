import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { withNullTypes } from './nullable';

const DESCRIPTION = `Connects phone numbers at telephony providers to voice agents.

Every answer under \`/api\` has exactly five members: \`error\`, \`code\` (the HTTP status), \`message\`, \`timestamp\`
(Unix milliseconds) and \`data\`. On an error \`data\` holds a \`reason\` for programs, the \`request_id\` and, in
\`details\`, every fault found. Send the token in the header \`token\` or \`api_access_token\`.`;

/** The OpenAPI 3.1 document of the application's routes. Source: https://spec.openapis.org/oas/v3.1.0 */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Patchbay')
    .setDescription(DESCRIPTION)
    .setVersion('1.0')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'token' }, 'token')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'api_access_token' }, 'api_access_token')
    .addTag('Agents', 'Voice agents, and the phone numbers attached to them')
    .addTag('Phone numbers', 'The inventory, and why a call to a number goes where it goes')
    .addTag('Providers', 'Credentials, what each provider can do, and where it reaches us')
    .addTag('Health', 'For whoever runs the process')
    .build();
  return withNullTypes(SwaggerModule.createDocument(app, config));
}
