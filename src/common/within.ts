/** What was waited for did not come in time. */
export class TooLateError extends Error {
  constructor(limitMs: number) {
    super(`Not there within ${limitMs} ms`);
    this.name = 'TooLateError';
  }
}

/**
 * The promise's value if it comes in time. The work behind it goes on; what it comes to is nobody's concern then.
 * @throws TooLateError after `limitMs` milliseconds
 */
export function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooLateError(limitMs)), limitMs);
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
