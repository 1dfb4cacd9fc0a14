import { isRecord } from '../../support/json';
import { notUnderstood, type PlivoApi } from './plivo.api';
import { callUnderWay, type PlivoCall } from './plivo.call-report';

/** In the order in which a call goes through them. */
export const UNDER_WAY = ['queued', 'live'] as const;
export type UnderWay = (typeof UNDER_WAY)[number];

/** Calls that are looked at together. */
const LOOKED_AT = 8;

/** Sources: https://docs.plivo.com/docs/voice/api/call/ and `dist/resources/call.js` of the npm package plivo 4.79.0 */
export class PlivoCallsUnderWay {
  constructor(private readonly api: PlivoApi) {}

  /** The call of this name, or `null` where it is not in that state. */
  async read(id: string, state: UnderWay, signal: AbortSignal | undefined): Promise<PlivoCall | null> {
    const item = await this.api.read(`Call/${encodeURIComponent(id)}/`, signal, `?status=${state}`);
    if (item === null) return null;
    const call = callUnderWay(item);
    if (!call?.names.includes(id)) throw notUnderstood();
    return call;
  }

  /** Every one, as far as it is asked for. The list names calls only, and one may have gone on before it is looked at. */
  async *list(state: UnderWay, signal: AbortSignal | undefined): AsyncGenerator<PlivoCall> {
    const ids = await this.idsOf(state, signal);
    for (let start = 0; start < ids.length; start += LOOKED_AT) {
      const some = ids.slice(start, start + LOOKED_AT);
      const calls = await Promise.all(some.map((id) => this.read(id, state, signal)));
      yield* calls.filter((call) => call !== null);
    }
  }

  private async idsOf(state: UnderWay, signal: AbortSignal | undefined): Promise<string[]> {
    const body = await this.api.read('Call/', signal, `?status=${state}`);
    if (body === null) return [];
    if (!isRecord(body) || !Array.isArray(body.calls)) throw notUnderstood();
    const calls: unknown[] = body.calls;
    return calls.filter((call) => typeof call === 'string');
  }
}
