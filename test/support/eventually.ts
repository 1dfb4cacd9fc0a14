import { untilPasses } from './until-passes';

/** Reads again and again until what is read is as wanted. @returns it; what was read last is in the failure otherwise */
export async function eventually<T>(
  read: () => T | Promise<T>,
  isWanted: (now: T) => boolean,
  limitMs?: number,
): Promise<T> {
  return untilPasses(async () => {
    const now = await read();
    if (!isWanted(now)) throw new Error(`It never became as wanted; at last it was ${JSON.stringify(now)}`);
    return now;
  }, limitMs);
}
