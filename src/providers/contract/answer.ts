import type { ProviderCredentials } from './credentials';

/** The agent's media stream: a WebSocket of its own, told by `parameters` which call it is. */
export interface StreamAnswer {
  readonly kind: 'stream';
  /** `wss:`, or `ws:` where private addresses are allowed. */
  readonly url: string;
  /** Handed to the stream's start message in whichever way the vendor has. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * What is to become of a call, in no vendor's language.
 * - `stream`: connect it to the agent, both ways, for as long as the agent stays
 * - `sip`: connect it to a SIP URI
 * - `dial`: connect it to a phone number (E.164), showing `callerId`, a number of the account
 * - `say`: speak the text, then hang up
 * - `reject`: do not answer, where the vendor can do that; else hang up
 */
export type Answer =
  | StreamAnswer
  | { readonly kind: 'sip'; readonly uri: string; readonly callerId: string | null }
  | { readonly kind: 'dial'; readonly to: string; readonly callerId: string | null }
  /** `language` is BCP 47. */
  | { readonly kind: 'say'; readonly text: string; readonly language: string | null }
  | { readonly kind: 'reject'; readonly reason: 'busy' | 'rejected' };

export interface AnswerDocument {
  readonly contentType: string;
  readonly body: string;
}

/** Which call is answered, and from which account. */
export interface AnswerContext<C extends ProviderCredentials = ProviderCredentials> {
  readonly credentials: C;
  /** The vendor's identifier of the call. */
  readonly providerCallId: string;
  /** As the vendor's request named them; E.164 where it is a number. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface AnswerRenderer<C extends ProviderCredentials = ProviderCredentials> {
  /** Where the vendor can follow some kinds only: these. For others it does what it does when an answer fails. */
  readonly only?: readonly Answer['kind'][];
  /** The document that makes the vendor do it. Texts of any kind are carried unharmed, or cut where the vendor has a limit. */
  render(answer: Answer, context: AnswerContext<C>): AnswerDocument;
}
