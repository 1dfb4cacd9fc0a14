import type { AnswerDocument } from '../../providers/contract/answer';

/** What a provider is answered: never the envelope, and nothing in the body for who is not known. */
export interface InboundReply {
  readonly status: number;
  readonly document?: AnswerDocument;
}

export const NOT_FOUND: InboundReply = { status: 404 };
export const REFUSED: InboundReply = { status: 403 };
export const MALFORMED: InboundReply = { status: 400 };
export const TAKEN: InboundReply = { status: 204 };
/** Vendors try again, or ask their fallback. */
export const LATER: InboundReply = { status: 503 };
