import type { Readable } from 'node:stream';

export interface BodyStart {
  readonly text: string;
  /** False where more followed, or did not come in time. */
  readonly isWhole: boolean;
}

/**
 * Reads a body until it ends, has more than `maxBytes` or has taken `limitMs` (milliseconds), and then lets go of it and of
 * its connection. Never fails: a body that breaks off is one that is not whole.
 */
export function readBodyStart(body: Readable, maxBytes: number, limitMs: number): Promise<BodyStart> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (isWhole: boolean) => {
      clearTimeout(timer);
      resolve({ text: decode(Buffer.concat(chunks).subarray(0, maxBytes)), isWhole });
      if (!isWhole) body.destroy();
    };
    const timer = setTimeout(() => finish(false), limitMs);
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) finish(false);
    });
    body.on('end', () => finish(bytes <= maxBytes));
    body.on('error', () => finish(false));
  });
}

/** A character that the cut has halved is left out. */
function decode(bytes: Buffer): string {
  return new TextDecoder().decode(bytes, { stream: true });
}
