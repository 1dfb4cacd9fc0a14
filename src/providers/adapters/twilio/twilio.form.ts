import type { WebhookRequest } from '../../contract/webhook';

/** Whether the body is a form, which is what Twilio posts of calls. */
export function isForm({ headers }: WebhookRequest): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/** The fields of a form. What is signed and what is read come from this one function. */
export function formOf({ rawBody }: WebhookRequest): URLSearchParams {
  // A leading `?` would be dropped by URLSearchParams, and is part of the first name.
  return new URLSearchParams(`&${rawBody.toString('utf8')}`);
}

/** The query of a request, without its `?`. */
export function queryOf({ url }: WebhookRequest): string {
  return /\?([^#]*)/.exec(url)?.[1] ?? '';
}
