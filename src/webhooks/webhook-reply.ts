/**
 * Why there was no answer to a webhook. An `aborted` one was given up by ourselves; one with `no_secret` was not sent, since
 * there was nothing to sign it with.
 */
export type WebhookFault =
  | 'aborted'
  | 'connection_failed'
  | 'connection_refused'
  | 'connection_reset'
  | 'host_not_found'
  | 'https_required'
  | 'invalid_url'
  | 'no_secret'
  | 'private_address'
  | 'timeout'
  | 'tls_failed';

export interface WebhookRequest {
  /** The message's id, the same at every try. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
  /** Each of them signs. */
  readonly secrets: readonly string[];
  /** For everything from the look-up of the host to the end of the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** So much of the answer's body is read, in bytes. */
  readonly maxBytes: number;
  /** How long the body may take after the headers, within `timeoutMs`, in milliseconds; to the end of it unless given. */
  readonly bodyMs?: number;
}

/** What came of a webhook: an answer of whatever status, or none. */
export type WebhookReply =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      readonly latencyMs: number;
      /** The beginning of the body, or all of it. */
      readonly response: string;
      /** False where the body was longer than wanted, or did not arrive in time. */
      readonly isWhole: boolean;
      /** What `Retry-After` asks for, at most ten minutes, in milliseconds. */
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'failed'; readonly error: WebhookFault; readonly latencyMs: number };
