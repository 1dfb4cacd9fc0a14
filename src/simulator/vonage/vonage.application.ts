import { createPublicKey, KeyObject, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { InvalidParameter } from './vonage.errors';

type Json = Readonly<Record<string, unknown>>;

/** An application as it was last written: a `PUT` leaves nothing of what was there. */
export interface VonageApplication {
  readonly id: string;
  name: string;
  capabilities: Json;
  /** PEM; empty where nobody can make calls with it. */
  public_key: string;
}

export interface Webhook {
  readonly address: string;
  readonly http_method: 'GET' | 'POST';
}

export interface KeyPair {
  readonly public_key: string;
  readonly private_key: string;
}

const WEBHOOKS = { answer_url: 'GET', fallback_answer_url: 'GET', event_url: 'POST' } as const;
export type WebhookName = keyof typeof WEBHOOKS;

/** A webhook of the voice capability with its default method, or `undefined` where there is none. */
export function voiceWebhook({ capabilities }: VonageApplication, name: WebhookName): Webhook | undefined {
  const webhook = recordAt(capabilities, 'voice', 'webhooks', name);
  const address = webhook?.address;
  if (typeof address !== 'string' || address === '') return undefined;
  const method = webhook?.http_method ?? WEBHOOKS[name];
  return { address, http_method: method === 'POST' ? 'POST' : 'GET' };
}

/** On unless switched off: https://developer.vonage.com/en/voice/voice-api/webhook-reference#signed-webhooks */
export function hasSignedCallbacks({ capabilities }: VonageApplication): boolean {
  return recordAt(capabilities, 'voice')?.signed_callbacks !== false;
}

export function applicationResource(application: VonageApplication, privateKey?: string): Record<string, unknown> {
  const { id, name, capabilities, public_key: publicKey } = application;
  return {
    id,
    name,
    keys: { public_key: publicKey, private_key: privateKey },
    capabilities,
    _links: { self: { href: `/v2/applications/${id}` } },
  };
}

/** What is wrong with the body of `POST` or `PUT`, in Vonage's words. */
export function applicationFaults(body: Json): InvalidParameter[] {
  const faults: InvalidParameter[] = [];
  const fault = (name: string, reason: string) => void faults.push({ name, reason });
  if (typeof body.name !== 'string' || body.name.trim() === '') fault('name', 'must not be blank');
  if (body.capabilities !== undefined && !isRecord(body.capabilities)) fault('capabilities', 'must be an object');
  const key = givenKey(body);
  if (key !== undefined && !isRsaKey(key)) fault('keys.public_key', 'must be a valid public key');
  for (const name of Object.keys(WEBHOOKS)) {
    const webhook = recordAt(body, 'capabilities', 'voice', 'webhooks', name);
    if (!webhook) continue;
    const where = `capabilities.voice.webhooks.${name}`;
    const { address, http_method: method } = webhook;
    if (typeof address !== 'string' || (address !== '' && !isHttpUrl(address))) {
      fault(`${where}.address`, 'must be a valid URL');
    }
    if (method !== undefined && method !== 'GET' && method !== 'POST') {
      fault(`${where}.http_method`, 'must be one of: GET, POST');
    }
  }
  return faults;
}

/** The key that a body brings along; without one Vonage makes a pair. */
export function givenKey(body: Json): string | undefined {
  const key = recordAt(body, 'keys')?.public_key;
  return typeof key === 'string' && key !== '' ? key : undefined;
}

export async function makeKeyPair(): Promise<KeyPair> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { public_key: pair.publicKey, private_key: pair.privateKey };
}

export function isRsaKey(pem: string): boolean {
  return publicKeyOf(pem)?.asymmetricKeyType === 'rsa';
}

export function publicKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/** A page of applications, or what is wrong with the query. */
export function applicationPage(
  all: readonly VonageApplication[],
  query: URLSearchParams,
): { readonly body: Json } | { readonly faults: readonly InvalidParameter[] } {
  const size = Number(query.get('page_size') ?? DEFAULT_PAGE_SIZE);
  const page = Number(query.get('page') ?? 1);
  const faults: InvalidParameter[] = [];
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    faults.push({ name: 'page_size', reason: `must be between 1 and ${MAX_PAGE_SIZE}` });
  }
  if (!Number.isInteger(page) || page < 1) faults.push({ name: 'page', reason: 'must be greater than 0' });
  if (faults.length > 0) return { faults };

  const pages = Math.max(1, Math.ceil(all.length / size));
  const href = (to: number) => ({ href: `/v2/applications?page_size=${size}&page=${to}` });
  return {
    body: {
      page_size: size,
      page,
      total_items: all.length,
      total_pages: pages,
      _embedded: {
        applications: all.slice((page - 1) * size, page * size).map((application) => applicationResource(application)),
      },
      _links: {
        self: href(page),
        first: href(1),
        last: href(pages),
        prev: page > 1 ? href(page - 1) : undefined,
        next: page < pages ? href(page + 1) : undefined,
      },
    },
  };
}

export function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordAt(value: Json, ...path: readonly string[]): Json | undefined {
  let found: unknown = value;
  for (const name of path) found = isRecord(found) ? found[name] : undefined;
  return isRecord(found) ? found : undefined;
}
