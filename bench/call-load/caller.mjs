import { setTimeout as delay } from 'node:timers/promises';
import { Connections } from '../http-load.mjs';
import { callRequest, callSid, statusRequest } from '../twilio.mjs';

/** What callers over the limit are told; any other text is an apology, which nobody should hear. */
export const FALLBACK_TEXT = 'All our lines are busy.';
const BUSY_SHARE = 0.1;
/** So long after the answer a call ends, in seconds. */
const [SHORTEST_S, LONGEST_S] = [1, 10];
/** Within so much of its shortest time a call is reported to be under way, if it is. */
const PICKED_UP_WITHIN_MS = 900;

/**
 * Stands for Twilio: asks what is to become of calls at one process, and tells the other how they go. A request that fails
 * makes a fault of its call, not an error. Times are of `performance.now()`.
 */
export class Caller {
  constructor({ servers, account, numbers, busyCount }) {
    this.servers = servers.map((url) => new Connections(url));
    this.account = account;
    this.numbers = numbers;
    this.busyCount = busyCount;
  }

  async call(index) {
    const { e164: to, limit } = this.pickNumber();
    const about = { ...this.account, sid: callSid(index), from: `+1415${String(5_550_000 + (index % 10_000))}`, to };
    const call = { sid: about.sid, to, limit, faults: [] };
    const [here, there] = index % 2 === 0 ? this.servers : this.servers.toReversed();
    await this.ask(call, here, about);
    const talkMs = 1_000 * (SHORTEST_S + Math.random() * (LONGEST_S - SHORTEST_S));
    const pickUpMs = Math.random() * PICKED_UP_WITHIN_MS;
    const isPickUpTold = index % 4 < 2;
    if (isPickUpTold) {
      await delay(pickUpMs);
      await this.tell(call, here, { ...about, status: 'in-progress', sequence: 2 });
    }
    await delay(isPickUpTold ? talkMs - pickUpMs : talkMs);
    call.durationS = Math.floor(talkMs / 1_000);
    call.endSentAt = performance.now();
    await this.tell(call, there, { ...about, status: 'completed', sequence: 3, durationS: call.durationS });
    call.endTakenAt = performance.now();
    return call;
  }

  close() {
    for (const server of this.servers) server.close();
  }

  pickNumber() {
    const isBusy = Math.random() < BUSY_SHARE;
    const from = isBusy ? 0 : this.busyCount;
    const to = isBusy ? this.busyCount : this.numbers.length;
    return this.numbers[from + Math.floor(Math.random() * (to - from))];
  }

  async ask(call, server, about) {
    call.sentAt = performance.now();
    const { status, body } = await this.send(call, server, callRequest(about));
    call.answeredAt = performance.now();
    call.answer = body.includes('<Stream ') ? 'stream' : body.includes(FALLBACK_TEXT) ? 'fallback' : 'none';
    call.callId = /name="call_id" value="([^"]+)"/.exec(body)?.[1] ?? null;
    if (status !== 200 || call.answer === 'none') call.faults.push(`was answered ${status} ${body}`);
    if (call.answer === 'fallback' && call.limit === null)
      call.faults.push('was not connected, though it has no limit');
  }

  async tell(call, server, about) {
    const { status } = await this.send(call, server, statusRequest({ ...about, at: Date.now() }));
    if (status !== 204) call.faults.push(`was told to be ${about.status}, and that was answered ${status}`);
  }

  async send(call, server, bytes) {
    try {
      return await server.send(bytes);
    } catch (error) {
      call.faults.push(`met an error: ${error.message}`);
      return { status: 0, body: '' };
    }
  }
}
