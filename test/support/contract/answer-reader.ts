import type { Answer, AnswerDocument } from '../../../src/providers/contract/answer';

export type Pair = readonly [name: string, value: string];

/** What a document tells the vendor to do, in the words of the contract. */
export type Said =
  | { readonly verb: 'stream'; readonly url: string; readonly parameters: readonly Pair[] }
  | { readonly verb: 'sip'; readonly uri: string; readonly callerId: string | null }
  | { readonly verb: 'dial'; readonly to: string; readonly callerId: string | null }
  | { readonly verb: 'say'; readonly text: string }
  | { readonly verb: 'reject'; readonly reason: string }
  | { readonly verb: 'hangup' };

/** Of a text, in whatever the vendor counts. */
export interface TextLimit {
  readonly most: number;
  measure(text: string): number;
}

/** Reads one family of documents as strictly as its vendor might. */
export interface AnswerReader {
  /**
   * @throws Error for a document that the vendor would not follow, that says more than one thing, or that holds anything
   * which the kinds of answers do not call for
   */
  read(document: AnswerDocument): Said;
  /** What of a text a document of this kind can hold. */
  holds(text: string): string;
  /** Of the whole document; `null` where none is documented. */
  readonly maxBytes: number | null;
  /** Of a text that is spoken; `null` where none is documented. */
  readonly text: TextLimit | null;
  /** Of the query of a stream's URL, for vendors that limit it; what does not fit is left out. */
  readonly query?: { readonly pairs: number; readonly characters: number };
  /** What is said in place of a kind for which the vendor has no words. */
  readonly instead?: Readonly<Partial<Record<Answer['kind'], readonly Said['verb'][]>>>;
}

export const CHARACTERS = (text: string): number => [...text].length;
export const UTF16_UNITS = (text: string): number => text.length;
export const BYTES = (text: string): number => Buffer.byteLength(text, 'utf8');

/** @throws Error with what is wrong with the document */
export function demand(condition: boolean, fault: string): asserts condition {
  if (!condition) throw new Error(fault);
}

export function demandWebSocketUrl(url: string): void {
  demand(/^wss?:$/.test(parsedUrl(url)?.protocol ?? ''), `no URL of a WebSocket: ${url}`);
}

/** As `URL.parse`, which Node 20 has not; its `URL.canParse` comes to refuse hosts with letters such as ü once it is optimized. */
export function parsedUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
