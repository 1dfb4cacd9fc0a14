import { createHmac, randomUUID } from 'node:crypto';
import { OutgoingRequest } from '../core/call';

export interface TwilioWebhook {
  readonly url: string;
  readonly method: string;
  /** In the order in which they are sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A request to a customer's URL: a form, or the same in the query, signed either way. */
export function webhookRequest(webhook: TwilioWebhook, authToken: string): OutgoingRequest {
  const form = new URLSearchParams(webhook.parameters).toString();
  const headers = {
    accept: '*/*',
    'user-agent': 'TwilioProxy/1.1',
    'i-twilio-idempotency-token': randomUUID(),
  };
  if (webhook.method === 'GET') {
    const url = `${webhook.url}${webhook.url.includes('?') ? '&' : '?'}${form}`;
    return { method: 'GET', url, headers: { ...headers, 'x-twilio-signature': signatureOf(url, {}, authToken) } };
  }
  return {
    method: 'POST',
    url: webhook.url,
    headers: {
      ...headers,
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signatureOf(webhook.url, webhook.parameters, authToken),
    },
    body: form,
  };
}

/**
 * The URL with its query, then each posted parameter's name and value in the order of the names, hashed with HMAC-SHA1
 * and the auth token, in base64. https://www.twilio.com/docs/usage/webhooks/webhooks-security#validating-signatures-from-twilio
 */
export function signatureOf(url: string, posted: Readonly<Record<string, string>>, authToken: string): string {
  const names = Object.keys(posted).sort();
  const text = url + names.map((name) => `${name}${posted[name]}`).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}
