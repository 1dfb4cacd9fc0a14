import { createHmac } from 'node:crypto';

export const SECRET_PREFIX = 'whsec_';

/** What is signed: a message as one attempt sends it. */
export interface SignedContent {
  readonly id: string;
  /** Of the attempt, Unix seconds. */
  readonly timestampS: number;
  readonly body: string;
}

/**
 * The headers that prove where a webhook comes from. There is one signature for each secret, so that a receiver may
 * hold the new one or still the former one while a secret is being rotated.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets `whsec_` and base64
 */
export function signatureHeaders(content: SignedContent, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': content.id,
    'webhook-timestamp': String(content.timestampS),
    'webhook-signature': secrets.map((secret) => signature(content, secret)).join(' '),
  };
}

function signature({ id, timestampS, body }: SignedContent, secret: string): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}
