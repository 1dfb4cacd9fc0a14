import { SimCall, SimCallStatus } from '../core/call';
import { CallBook } from '../core/call-book';
import { VendorReply, VendorRequest } from '../core/vendor';
import { BandwidthAccount } from './bandwidth.account';
import { callPage } from './bandwidth.call-list';
import { CallDetails, callId, callUrl, causeOf, iso } from './bandwidth.calls';
import { voiceError } from './bandwidth.errors';

const E164 = /^\+[1-9]\d{6,14}$/;
const METHODS: readonly unknown[] = ['GET', 'POST'];
const MAX_URL = 2048;
const MAX_TAG = 4096;
const MAX_QUEUE = 900;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The calls of the Programmable Voice API: bandwidth.yml of bandwidth-sdk 8.1.4, https://dev.bandwidth.com/docs/voice/errors. */
export class BandwidthVoice {
  constructor(
    private readonly calls: CallBook,
    private readonly now: () => number,
  ) {}

  statistics(account: BandwidthAccount): VendorReply {
    const queued = this.calls.list().filter((call) => call.account === account.id && call.status === 'queued');
    return { status: 200, body: { currentCallQueueSize: queued.length, maxCallQueueSize: MAX_QUEUE } };
  }

  create(account: BandwidthAccount, request: VendorRequest): VendorReply {
    if (!/^application\/json\b/i.test(request.header('content-type') ?? '')) return voiceError(415);
    const given = recordOf(request.json);
    const fault = faultOf(given, account);
    if (fault !== null) return voiceError(400, fault);
    const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
    const details: CallDetails = withoutUndefined({
      application_id: text('applicationId'),
      answer_url: text('answerUrl'),
      answer_method: text('answerMethod'),
      disconnect_url: text('disconnectUrl'),
      disconnect_method: text('disconnectMethod'),
      username: text('username'),
      password: text('password'),
      tag: text('tag'),
    });
    const call = this.calls.place({
      id: callId(),
      account: account.id,
      from: text('from') ?? '',
      to: text('to') ?? '',
      details: { ...details },
    });
    const { answerMethod, disconnectMethod } = { answerMethod: 'POST', disconnectMethod: 'POST', ...given };
    const body = {
      ...Object.fromEntries(ECHOED.map((name) => [name, given[name] ?? null])),
      accountId: account.id,
      callId: call.id,
      callUrl: callUrl(call),
      enqueuedTime: iso(call.started_at),
      callTimeout: given.callTimeout ?? 30,
      callbackTimeout: given.callbackTimeout ?? 15,
      priority: given.priority ?? 5,
      answerMethod,
      disconnectMethod,
    };
    return { status: 201, headers: { Location: callUrl(call) }, body };
  }

  list(account: BandwidthAccount, { query }: VendorRequest): VendorReply {
    const own = this.calls.list().filter((call) => call.account === account.id);
    return callPage(own, query, account.id, (call) => this.state(call));
  }

  read(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
    const call = this.find(account, params.call);
    return call ? { status: 200, body: this.state(call) } : notFound(params.call);
  }

  /** Hangs up. A call that is over is as unknown as one that never was: "the call-id is no longer active". */
  update(account: BandwidthAccount, { params, json }: VendorRequest): VendorReply {
    const given = recordOf(json);
    const state = given.state ?? 'active';
    if (state !== 'active' && state !== 'completed') return voiceError(400, 'Invalid state');
    if (state === 'active' && typeof given.redirectUrl !== 'string') {
      return voiceError(400, 'Missing at least one required field. Required fields are [redirectUrl]');
    }
    if (state === 'completed' && given.redirectUrl) return voiceError(400, 'redirectUrl is not allowed');
    const call = this.find(account, params.call);
    if (!call || STATES[call.status] === 'disconnected') return notFound(params.call);
    if (state === 'active') return voiceError(501, 'redirecting a call is not simulated');
    const status = call.status === 'queued' || call.status === 'ringing' ? 'canceled' : 'completed';
    void this.calls.end(call.id, { status });
    return { status: 200, body: undefined };
  }

  private find(account: BandwidthAccount, id: string | undefined): SimCall | undefined {
    const call = this.calls.find(id ?? '');
    return call?.account === account.id ? call : undefined;
  }

  private state(call: SimCall): Record<string, unknown> {
    const error = call.understood?.action === 'invalid' ? call.understood.error : null;
    return {
      applicationId: call.details.application_id ?? null,
      accountId: call.account,
      callId: call.id,
      parentCallId: null,
      to: call.to,
      from: call.from,
      direction: call.direction,
      state: STATES[call.status],
      stirShaken: null,
      identity: null,
      enqueuedTime: call.direction === 'outbound' ? iso(call.started_at) : null,
      startTime: call.status === 'queued' ? null : iso(call.started_at),
      answerTime: iso(call.answered_at),
      endTime: iso(call.ended_at),
      disconnectCause: causeOf(call, call.status),
      errorMessage: error,
      errorId: null,
      lastUpdate: iso(call.ended_at ?? call.answered_at ?? this.now()),
    };
  }
}

const STATES = {
  queued: 'queued',
  ringing: 'initiated',
  in_progress: 'answered',
  completed: 'disconnected',
  busy: 'disconnected',
  no_answer: 'disconnected',
  failed: 'disconnected',
  canceled: 'disconnected',
} as const satisfies Record<SimCallStatus, string>;

const ECHOED = [
  'applicationId',
  'to',
  'from',
  'tag',
  'answerUrl',
  'answerFallbackUrl',
  'answerFallbackMethod',
  'disconnectUrl',
  'username',
  'password',
  'fallbackUsername',
  'fallbackPassword',
];

function faultOf(given: Record<string, unknown>, account: BandwidthAccount): string | null {
  const { from, to, answerUrl, applicationId, username, password } = given;
  if ([from, to, answerUrl, applicationId].some((value) => typeof value !== 'string' || value === '')) {
    return 'Missing at least one required field. Required fields are [from, to, answerUrl, applicationId]';
  }
  const isCallable = typeof to === 'string' && (E164.test(to) || /^sips?:\S+$/i.test(to));
  if (!isCallable) return 'Invalid to: must be an E164 telephone number';
  if (typeof from !== 'string' || !E164.test(from)) return 'Invalid from: must be an E164 telephone number';
  if (account.number(from)?.status !== 'Inservice') return 'Invalid from: must be a number of the account';
  const urls = ['answerUrl', 'answerFallbackUrl', 'disconnectUrl'].filter((name) => given[name] != null);
  for (const name of urls) {
    const fault = urlFault(given[name], username != null || password != null);
    if (fault !== null) return `Invalid ${name}: ${fault}`;
  }
  for (const name of ['answerMethod', 'disconnectMethod']) {
    if (given[name] != null && !METHODS.includes(given[name])) {
      return `Invalid ${name.replace('Method', 'Url')} method. Supported methods: [POST, GET]`;
    }
  }
  for (const [name, min, max] of RANGES) {
    const value = given[name];
    if (value != null && !(typeof value === 'number' && value >= min && value <= max)) {
      return `${name} must be within the range [${min}, ${max}], but was ${JSON.stringify(value)}`;
    }
  }
  if (typeof given.tag === 'string' && given.tag.length > MAX_TAG) {
    return `Could not create call: tag must contain at most ${MAX_TAG} characters`;
  }
  const application = account.application(typeof applicationId === 'string' ? applicationId : undefined);
  if (application?.ServiceType.startsWith('Voice')) return null;
  return `Could not create call: Application id ${String(applicationId)} not found`;
}

const RANGES = [
  ['callTimeout', 1, 300],
  ['callbackTimeout', 1, 25],
  ['priority', 1, 5],
] as const;

/** "Must use https if specifying username and password"; a simulator lets it pass on the machine itself. */
function urlFault(url: unknown, hasCredentials: boolean): string | null {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return 'only http and https are allowed';
  }
  if (url.length > MAX_URL) return `must contain at most ${MAX_URL} characters`;
  const { protocol, hostname } = new URL(url);
  return hasCredentials && protocol === 'http:' && !LOOPBACK.includes(hostname) ? 'https is required' : null;
}

function notFound(id: string | undefined): VendorReply {
  return voiceError(404, `Call [${id}] not found`);
}

function withoutUndefined(record: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
