import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Keeps the state in one JSON file, or nowhere when no file is named. A save is acknowledged once a state at least as
 * new as the call is in place; calls that come while a write runs share the next one.
 */
export class StateStore {
  private running: Promise<void> = Promise.resolve();
  private queued: Promise<void> | undefined;

  constructor(
    private readonly file: string | undefined,
    private readonly snapshot: () => unknown,
  ) {}

  /**
   * The state of an earlier run, or `undefined` when there is none.
   * @throws Error when the file exists and is not JSON: starting afresh would silently lose what was routed
   */
  load(): unknown {
    if (this.file === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new Error(`${this.file} does not hold the state of a simulator`, { cause: error });
    }
  }

  save(): Promise<void> {
    if (this.file === undefined) return Promise.resolve();
    this.queued ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.queued = undefined;
        this.running = this.write(this.file as string);
        return this.running;
      });
    return this.queued;
  }

  private async write(file: string): Promise<void> {
    const text = JSON.stringify(this.snapshot());
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, text);
    await rename(temporary, file);
  }
}
