import { randomBytes, randomUUID } from 'node:crypto';
import { CallProtocol, OutgoingRequest, ReceivedAnswer, SimCall, SimCallStatus, Understood } from '../core/call';
import { BadInput } from '../core/input';
import { BandwidthAccount } from './bandwidth.account';
import { Credentials } from './bandwidth.application';
import { understandBxml } from './bandwidth.bxml';

/** What a call keeps; the rest of its application's settings are read when they are needed. */
export interface CallDetails {
  readonly application_id?: string;
  readonly answer_url?: string;
  readonly answer_method?: string;
  readonly disconnect_url?: string;
  readonly disconnect_method?: string;
  readonly username?: string;
  readonly password?: string;
  readonly tag?: string;
}

interface Target {
  readonly url: string;
  readonly method: string;
  readonly credentials: Credentials | undefined;
}

/** https://dev.bandwidth.com/docs/voice/webhooks; the bodies are the `…Callback` schemas of bandwidth.yml. */
export class BandwidthCalls implements CallProtocol {
  constructor(
    private readonly accounts: ReadonlyMap<string, BandwidthAccount>,
    private readonly now: () => number,
  ) {}

  open(_from: string, to: string): Pick<SimCall, 'id' | 'account' | 'details'> {
    for (const account of this.accounts.values()) {
      account.settleOrders(this.now());
      if (account.number(to)?.status !== 'Inservice') continue;
      const target = account.voiceTarget(to);
      const details: Record<string, string> = {};
      if (target?.kind === 'application') details.application_id = target.application_id;
      return { id: callId(), account: account.id, details };
    }
    throw new BadInput(`no account has ${to} in service`);
  }

  documentRequest(call: SimCall): OutgoingRequest | null {
    const target = call.direction === 'inbound' ? this.initiateTarget(call) : this.answerTarget(call);
    return target && request(target, this.event(call, call.direction === 'inbound' ? 'initiate' : 'answer'));
  }

  understand(answer: ReceivedAnswer, call: SimCall): Understood {
    return understandBxml(answer, { isRinging: call.direction === 'inbound' && call.answered_at === null });
  }

  /** The disconnect event; there is none for ringing. */
  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null {
    const cause = causeOf(call, status);
    if (cause === null) return null;
    const target = call.direction === 'inbound' ? this.statusTarget(call) : this.disconnectTarget(call);
    const error = call.understood?.action === 'invalid' ? call.understood.error : null;
    return (
      target &&
      request(target, {
        ...this.event(call, 'disconnect'),
        endTime: iso(call.ended_at),
        cause,
        errorMessage: error,
        errorId: error === null ? null : randomUUID(),
      })
    );
  }

  private initiateTarget(call: SimCall): Target | null {
    const application = this.application(call);
    if (!application?.CallInitiatedCallbackUrl) return null;
    const { CallInitiatedCallbackUrl: url, CallInitiatedMethod: method = 'POST', CallbackCreds } = application;
    return { url, method, credentials: CallbackCreds };
  }

  private statusTarget(call: SimCall): Target | null {
    const application = this.application(call);
    if (!application?.CallStatusCallbackUrl) return null;
    const { CallStatusCallbackUrl: url, CallStatusMethod: method = 'POST', CallbackCreds } = application;
    return { url, method, credentials: CallbackCreds };
  }

  private answerTarget({ details }: SimCall): Target | null {
    const { answer_url: url, answer_method: method = 'POST' }: CallDetails = details;
    return url === undefined ? null : { url, method, credentials: credentialsOf(details) };
  }

  private disconnectTarget({ details }: SimCall): Target | null {
    const { disconnect_url: url, disconnect_method: method = 'POST' }: CallDetails = details;
    return url === undefined ? null : { url, method, credentials: credentialsOf(details) };
  }

  private application(call: SimCall) {
    return this.accounts.get(call.account)?.application(call.details.application_id);
  }

  private event(call: SimCall, eventType: string): Record<string, unknown> {
    const { direction, details } = call;
    return {
      eventType,
      eventTime: iso(this.now()),
      accountId: call.account,
      applicationId: details.application_id ?? null,
      from: call.from,
      to: call.to,
      direction,
      callId: call.id,
      callUrl: callUrl(call),
      ...(direction === 'outbound' ? { enqueuedTime: iso(call.started_at) } : {}),
      startTime: iso(call.started_at),
      ...(eventType === 'initiate' ? {} : { answerTime: iso(call.answered_at) }),
      ...(details.tag === undefined ? {} : { tag: details.tag }),
      ...(eventType === 'initiate'
        ? { stirShaken: { verstat: 'TN-Validation-Passed', attestationIndicator: 'A' } }
        : {}),
    };
  }
}

/** Of the form `c-15ac29a2-1331029c-2cb0-4a07-b215-b22865662d85`. */
export function callId(): string {
  return `c-${randomBytes(4).toString('hex')}-${randomUUID()}`;
}

export function callUrl({ account, id }: Pick<SimCall, 'account' | 'id'>): string {
  return `https://voice.bandwidth.com/api/v2/accounts/${account}/calls/${id}`;
}

/** Why a call has ended, in Bandwidth's words; `null` while it has not. */
export function causeOf(call: SimCall, status: SimCallStatus): string | null {
  switch (status) {
    case 'queued':
    case 'ringing':
    case 'in_progress':
      return null;
    case 'completed':
      return 'hangup';
    case 'busy':
      return 'busy';
    case 'no_answer':
      return 'timeout';
    case 'canceled':
      return 'cancel';
    case 'failed':
      return failureCause(call);
  }
}

export function iso(unixMs: number | null): string | null {
  return unixMs === null ? null : new Date(unixMs).toISOString();
}

function failureCause({ understood, exchanges }: SimCall): string {
  if (understood?.action === 'reject') return 'rejected';
  if (understood?.action === 'invalid') {
    return understood.error.startsWith('callback-error') ? 'callback-error' : 'invalid-bxml';
  }
  return exchanges.some(({ purpose }) => purpose === 'document') ? 'callback-error' : 'error';
}

function credentialsOf({ username, password }: CallDetails): Credentials | undefined {
  return username === undefined && password === undefined
    ? undefined
    : { UserId: username ?? '', Password: password ?? '' };
}

function request({ url, method, credentials }: Target, event: Record<string, unknown>): OutgoingRequest {
  const basic = credentials && Buffer.from(`${credentials.UserId}:${credentials.Password}`).toString('base64');
  const authorization: Record<string, string> = basic === undefined ? {} : { Authorization: `Basic ${basic}` };
  if (method === 'GET') {
    const target = new URL(url);
    for (const [name, value] of Object.entries(event)) {
      if (typeof value === 'string') target.searchParams.set(name, value);
    }
    return { method: 'GET', url: target.href, headers: authorization };
  }
  const headers = { 'Content-Type': 'application/json', ...authorization };
  return { method: 'POST', url, headers, body: JSON.stringify(event) };
}
