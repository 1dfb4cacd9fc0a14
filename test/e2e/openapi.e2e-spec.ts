import type { OpenAPIObject } from '@nestjs/swagger';
import { TOKEN_HEADERS } from '../../src/auth/authenticated.decorator';
import { SCOPES } from '../../src/auth/scopes';
import { ERROR_CATALOG, type ErrorReason } from '../../src/common/errors/error-catalog';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectEnvelope, expectSuccess } from '../support/envelope';
import { expressRoutes } from '../support/express-routes';
import {
  deadReferences,
  type DocumentedOperation,
  type MediaType,
  operationsOf,
  schemaFaults,
} from '../support/openapi-document';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';

const ATTACH = '/api/agent/attach-phone-number';

/** The table of the contract, row by row. */
const ATTACH_ERRORS: readonly [number, ErrorReason, string | undefined][] = [
  [401, 'UNAUTHENTICATED', 'Invalid Auth Key or Session Expired'],
  [403, 'FORBIDDEN', 'Token lacks the scope numbers:write'],
  [413, 'PAYLOAD_TOO_LARGE', undefined],
  [415, 'UNSUPPORTED_MEDIA_TYPE', undefined],
  [400, 'MALFORMED_JSON', 'Request body is not valid JSON'],
  [400, 'AGENT_ID_REQUIRED', 'Agent ID is required'],
  [400, 'PROVIDER_REQUIRED', 'Provider is required'],
  [400, 'NUMBERS_REQUIRED', 'Phone number(s) are required'],
  [422, 'VALIDATION_FAILED', undefined],
  [400, 'INVALID_PHONE_NUMBER_FORMAT', 'Invalid phone number format. Use E.164 format'],
  [404, 'AGENT_NOT_FOUND', 'Agent not found'],
  [400, 'PROVIDER_NOT_CONFIGURED', 'Provider not configured for your account'],
  [409, 'NUMBER_ALREADY_ATTACHED', 'Phone number is already attached to another agent'],
  [422, 'NUMBER_NOT_AVAILABLE', 'Phone number is not available in your account'],
  [422, 'PURPOSE_MISMATCH', "Phone number purpose does not match the agent's"],
  [502, 'PROVIDER_UNAVAILABLE', 'The provider could not be reached; nothing was changed'],
  [503, 'PROVIDER_UNAVAILABLE', 'The provider could not be reached; nothing was changed'],
  [504, 'PROVIDER_UNAVAILABLE', 'The provider could not be reached; nothing was changed'],
  [503, 'UNAVAILABLE', undefined],
  [500, 'INTERNAL', 'Internal server error'],
];

/** Reasons whose message depends on the fault, so that the catalogue holds a fallback only. */
const FREE_MESSAGES: readonly string[] = ['VALIDATION_FAILED', 'FORBIDDEN'];
/** A reason of several statuses. */
const FREE_STATUSES: readonly string[] = ['NUMBER_NOT_ATTACHED', 'PROVIDER_UNAVAILABLE'];

interface ErrorExample {
  readonly error: boolean;
  readonly code: number;
  readonly message: string;
  readonly data: { readonly reason: ErrorReason; readonly details: { field: string; message: string }[] };
}

describe('The OpenAPI document', () => {
  let app: TestApp;
  let document: OpenAPIObject;
  let operations: DocumentedOperation[];

  const name = ({ method, path }: DocumentedOperation) => `${method} ${path}`;
  const json = (operation: DocumentedOperation | undefined, status: number): MediaType =>
    operation?.responses[status]?.content?.['application/json'] ?? {};
  const isApi = ({ path }: DocumentedOperation) => path.startsWith('/api/');
  const errorExamples = () =>
    operations.filter(isApi).flatMap((operation) =>
      Object.keys(operation.responses)
        .filter((status) => Number(status) >= 400)
        .flatMap((status) =>
          Object.entries(json(operation, Number(status)).examples ?? {}).map(([label, { value }]) => ({
            where: `${name(operation)} ${status} ${label}`,
            status: Number(status),
            label,
            value: value as ErrorExample,
          })),
        ),
    );

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
    const response = await app.api().get('/openapi.json');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json(;|$)/);
    document = response.body as OpenAPIObject;
    operations = operationsOf(document);
    expect(operations.length).toBeGreaterThan(15);
  });
  afterAll(() => app.close());

  it('is OpenAPI 3.1 with both header schemes', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({
      title: expect.stringMatching(/\S/) as string,
      version: expect.stringMatching(/^\d/) as string,
    });
    expect(document.components?.securitySchemes).toEqual({
      token: { type: 'apiKey', in: 'header', name: 'token' },
      api_access_token: { type: 'apiKey', in: 'header', name: 'api_access_token' },
    });
    // `nullable` is of 3.0: https://spec.openapis.org/oas/v3.1.0#schema-object
    expect(JSON.stringify(document)).not.toContain('"nullable"');
  });

  it('has no reference that leads nowhere, and no schema that nothing leads to', () => {
    expect(deadReferences(document)).toEqual([]);
    const text = JSON.stringify(document);
    const unused = Object.keys(document.components?.schemas ?? {}).filter(
      (schema) => !text.includes(`"#/components/schemas/${schema}"`),
    );
    expect(unused).toEqual([]);
  });

  it('has every route of the router, and no other', () => {
    const toPath = (path: string) => path.replace(/:(\w+)/g, '{$1}');
    const routes = expressRoutes(app.nest)
      .map(({ method, path }) => `${method} ${toPath(path)}`)
      // The document itself and its page; what is for providers is not for clients.
      .filter((route) => !/^get \/(docs|openapi\.json)/.test(route) && !route.includes(' /inbound/'));
    expect(operations.map(name).sort()).toEqual([...new Set(routes)].sort());
  });

  it('gives each operation a name of its own, a summary and a description of every parameter', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    for (const operation of operations) {
      expect([name(operation), operation.summary]).toEqual([name(operation), expect.stringMatching(/\S/)]);
      const placeholders = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const parameters = operation.parameters ?? [];
      expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(placeholders);
      for (const parameter of parameters) expect(parameter.description).toMatch(/\S/);
    }
  });

  it('gives optional query parameters no example, which Swagger UI would send unasked', () => {
    const sent = operations.flatMap((operation) =>
      (operation.parameters ?? [])
        .filter((each) => each.in === 'query' && !each.required && ('example' in each || 'examples' in each))
        .map((each) => [operation.operationId, each.name, each.example]),
    );
    // Twenty is what is meant when nothing is sent.
    expect(sent.filter(([, parameter, example]) => parameter !== 'limit' || example !== 20)).toEqual([]);
  });

  it('says for each operation under /api that either header will do, and which scope it takes; others are open', () => {
    for (const operation of operations) {
      const { security, 'x-required-scope': scope } = operation as DocumentedOperation & {
        'x-required-scope'?: string;
      };
      if (!isApi(operation)) {
        expect([name(operation), security ?? [], scope]).toEqual([name(operation), [], undefined]);
        continue;
      }
      expect([name(operation), security]).toEqual([name(operation), TOKEN_HEADERS.map((header) => ({ [header]: [] }))]);
      expect(SCOPES).toContain(scope);
    }
  });

  it('describes every member of every schema', () => {
    const schemas = Object.entries(document.components?.schemas ?? {}) as unknown as [
      string,
      { properties?: Record<string, { description?: string; $ref?: string }> },
    ][];
    const bare = schemas.flatMap(([schema, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, member]) => !/\S/.test(member.description ?? ''))
        .map(([member]) => `${schema}.${member}`),
    );
    expect(bare).toEqual([]);
  });

  it('shows for each error what the catalogue says, under the status it says', () => {
    const examples = errorExamples();
    expect(examples.length).toBeGreaterThan(100);
    for (const { where, status, label, value } of examples) {
      const reason = label as ErrorReason;
      const row = ERROR_CATALOG[reason];
      expect([where, row]).toEqual([where, expect.anything()]);
      expect([where, value]).toMatchObject([where, { error: true, code: status, data: { reason } }]);
      if (!FREE_STATUSES.includes(reason)) expect([where, status]).toEqual([where, row.status]);
      if (!FREE_MESSAGES.includes(reason)) expect([where, value.message]).toEqual([where, row.message]);
      if (reason === 'VALIDATION_FAILED') expect(value.message).toBe(value.data.details[0]?.message);
    }
  });

  it.each(ATTACH_ERRORS)('shows attach answering %d %s (%s)', (status, reason, message) => {
    const attach = operations.find(({ method, path }) => method === 'post' && path === ATTACH);
    const example = json(attach, status).examples?.[reason]?.value as ErrorExample;
    expect(example).toMatchObject({ error: true, code: status, data: { reason } });
    if (message !== undefined) expect(example.message).toBe(message);
  });

  it('shows what a missing scope is really answered with', async () => {
    const { token } = await app.createToken({ scopes: ['agents:read'] });
    const { body } = (await app.api(token).post(ATTACH).send({})) as { body: ErrorExample };
    const attach = operations.find(({ method, path }) => method === 'post' && path === ATTACH);
    const example = json(attach, 403).examples?.FORBIDDEN?.value as ErrorExample;
    expect(example.message).toBe(body.message);
    expect(example.data.details).toEqual(body.data.details);
  });

  it('documents every error that can meet any operation with a token, and any with a body', () => {
    for (const operation of operations.filter(isApi)) {
      const labels = errorExamples()
        .filter(({ where }) => where.startsWith(`${name(operation)} `))
        .map(({ label }) => label);
      expect([name(operation), labels]).toEqual([
        name(operation),
        expect.arrayContaining(['UNAUTHENTICATED', 'FORBIDDEN', 'INTERNAL', 'UNAVAILABLE']),
      ]);
      if (!operation.requestBody) continue;
      expect([name(operation), labels]).toEqual([
        name(operation),
        expect.arrayContaining(['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'MALFORMED_JSON', 'VALIDATION_FAILED']),
      ]);
    }
  });

  it('has examples that fit their own schemas', () => {
    const faults = operations.flatMap((operation) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        Object.values(content ?? {}).flatMap(({ schema = {}, example, examples = {} }) =>
          [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)].flatMap(
            (value) => schemaFaults(document, schema, value).map((fault) => `${name(operation)} ${status}: ${fault}`),
          ),
        ),
      ),
    );
    expect(faults).toEqual([]);
  });

  it('shows for every success under /api a named example, in the envelope', () => {
    for (const operation of operations.filter(isApi)) {
      const [status = ''] = Object.keys(operation.responses).filter((each) => Number(each) < 300);
      const example = json(operation, Number(status)).examples?.SUCCESS?.value;
      expect([name(operation), example]).toMatchObject([name(operation), { error: false, code: Number(status) }]);
      const { timestamp, ...rest } = example as { timestamp: number };
      expect(Number.isInteger(timestamp)).toBe(true);
      expectEnvelope({ ...rest, timestamp: Date.now() }, Number(status));
    }
  });

  it('tells the truth: real answers fit the schemas', async () => {
    const { token } = await app.createToken();
    const api: ApiClient = app.api(token);
    const { agent_id } = await createAgent(api, { connect: { type: 'websocket', url: 'wss://m.example.com' } });
    await createPhoneNumber(api, '+12025551234', 'twilio', { label: 'Desk' });
    await configureProvider(api, 'twilio');
    await configureProvider(api, 'san');
    const numbers = ['+918062810341'];
    const real = [
      ['post', '/api/agent', '/api/agent', { agent_name: 'A', fallback: { type: 'message', text: 'Bye' } }],
      ['post', ATTACH, ATTACH, { agent_id, provider: 'san', numbers }],
      ['post', ATTACH, `${ATTACH}?dry_run=true`, { agent_id, provider: 'twilio', numbers: ['+12025551234'] }],
      ['post', ATTACH, ATTACH, { agent_id, provider: 'twilio', numbers: ['+12025551234'] }],
      ['get', '/api/agent', '/api/agent?limit=1', undefined],
      ['get', '/api/agent/{agent_id}', `/api/agent/${agent_id}`, undefined],
      ['patch', '/api/agent/{agent_id}', `/api/agent/${agent_id}`, { greeting: 'Hi', purpose: 'TEST' }],
      ['post', '/api/phone-number', '/api/phone-number', { phone_number: '+80012345678', provider: 'plivo' }],
      ['get', '/api/phone-number', '/api/phone-number', undefined],
      ['get', '/api/phone-number/{phone_number}', '/api/phone-number/+12025551234', undefined],
      ['patch', '/api/phone-number/{phone_number}', '/api/phone-number/+80012345678', { max_concurrent_calls: 2 }],
      ['get', '/api/phone-number/{phone_number}/route', '/api/phone-number/+12025551234/route', undefined],
      ['get', '/api/phone-number/{phone_number}/route', '/api/phone-number/+918062810341/route', undefined],
      ['delete', '/api/phone-number/{phone_number}', '/api/phone-number/+80012345678', undefined],
      ['get', '/api/provider', '/api/provider', undefined],
      ['get', '/api/provider/{provider}', '/api/provider/twilio', undefined],
      ['get', '/api/provider/{provider}', '/api/provider/vonage', undefined],
      ['post', '/api/agent/detach-phone-number', '/api/agent/detach-phone-number', { agent_id, numbers }],
      ['delete', '/api/agent/{agent_id}', `/api/agent/${agent_id}?detach=true`, undefined],
      ['delete', '/api/provider/{provider}', '/api/provider/san', undefined],
      ['get', '/health/live', '/health/live', undefined],
      ['get', '/health/ready', '/health/ready', undefined],
    ] as const;
    for (const [method, path, url, body] of real) {
      const operation = operations.find((each) => each.method === method && each.path === path);
      const response = await api[method](url).send(body);
      if (path.startsWith('/api/')) expectSuccess(response, method === 'post' && !/(at|de)tach/.test(path) ? 201 : 200);
      const { schema } = json(operation, response.status);
      expect([method, url, schema]).toEqual([method, url, expect.anything()]);
      const faults = schemaFaults(document, schema ?? {}, response.body);
      expect([method, url, faults]).toEqual([method, url, []]);
    }
  });

  it('shows its page at /docs, which loads nothing from elsewhere', async () => {
    const response = await app.api().get('/docs');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^text\/html(;|$)/);
    expect(response.text).toContain('Patchbay API');
    expect(response.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const assets = [...response.text.matchAll(/(?:src|href)="([^"]+\.(?:js|css|png))"/g)].map(
      ([, asset = '']) => asset,
    );
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      const { status } = await app.api().get(new URL(asset, `${app.url}/docs`).pathname);
      expect([asset, status]).toEqual([asset, 200]);
    }
  });
});
