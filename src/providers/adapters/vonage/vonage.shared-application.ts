import type { VendorHttp } from '../../contract/http';
import type { RouteTarget } from '../../contract/route';
import type { SharedResources, SharedValues } from '../../contract/shared-resources';
import { isRecord } from '../../support/json';
import { API_HOST, askVonage, notUnderstood } from './vonage.api';
import {
  answersAt,
  changedApplication,
  holdsOtherKey,
  newApplication,
  parseVonageApplication,
  type VonageApplication,
} from './vonage.application';
import { newPrivateKey, publicKeyOf } from './vonage.keys';

const APPLICATIONS = `${API_HOST}/v2/applications`;
const PAGE_SIZE = 100;

/** The application, and the key that speaks for it. */
export interface OurApplication {
  readonly id: string;
  readonly privateKey: string;
}

/** The one application that all numbers of the account are linked to. */
export class VonageSharedApplication {
  constructor(
    private readonly http: VendorHttp,
    private readonly authorization: string,
    private readonly shared: SharedResources,
  ) {}

  async remembered(): Promise<OurApplication | null> {
    const values = await this.shared.read();
    return values && ours(values);
  }

  /** Finds or makes the application and sees to it that it calls `target` and holds our key. */
  async ensure(target: RouteTarget, signal: AbortSignal | undefined): Promise<OurApplication> {
    const values = await this.shared.ensure((remembered) => this.settle(remembered, target, signal), signal);
    const application = ours(values);
    if (!application) throw notUnderstood();
    return application;
  }

  async read(id: string, signal: AbortSignal | undefined): Promise<VonageApplication | null> {
    const url = `${APPLICATIONS}/${encodeURIComponent(id)}`;
    const outcome = await askVonage(this.http, { method: 'GET', url, headers: this.headers, signal });
    return outcome.kind === 'done' ? understood(outcome.json) : null;
  }

  private get headers(): Record<string, string> {
    return { Authorization: this.authorization };
  }

  private async settle(
    remembered: SharedValues | null,
    target: RouteTarget,
    signal: AbortSignal | undefined,
  ): Promise<SharedValues> {
    const known = remembered && ours(remembered);
    const held = known && (await this.read(known.id, signal));
    const current = held ?? (await this.findByName(signal));
    const knownKey = known && current?.id === known.id ? known.privateKey : null;
    const publicKey = knownKey && publicKeyOf(knownKey);
    if (remembered && current && publicKey) {
      if (!answersAt(current, target) || holdsOtherKey(current, publicKey)) {
        await this.replace(current, target, publicKey, signal);
      }
      return remembered;
    }
    const privateKey = await newPrivateKey();
    const newPublicKey = publicKeyOf(privateKey) ?? '';
    const application = current
      ? await this.replace(current, target, newPublicKey, signal)
      : await this.create(target, newPublicKey, signal);
    return { application_id: application.id, private_key: privateKey };
  }

  private async findByName(signal: AbortSignal | undefined): Promise<VonageApplication | null> {
    let pages = 1;
    for (let page = 1; page <= pages; page++) {
      const url = `${APPLICATIONS}?page_size=${PAGE_SIZE}&page=${page}`;
      const outcome = await askVonage(this.http, { method: 'GET', url, headers: this.headers, signal });
      // An account without applications may have no list either.
      if (outcome.kind !== 'done') return null;
      const listed = applicationsIn(outcome.json);
      const found = listed.applications.find(({ name }) => name === this.shared.name);
      // The list may leave members out that an update would then remove.
      if (found) return this.read(found.id, signal);
      if (page === 1) pages = listed.pages;
    }
    return null;
  }

  private async create(
    target: RouteTarget,
    publicKey: string,
    signal: AbortSignal | undefined,
  ): Promise<VonageApplication> {
    const json = newApplication(this.shared.name, target, publicKey);
    return this.write({ method: 'POST', url: APPLICATIONS, json }, target, signal);
  }

  private async replace(
    current: VonageApplication,
    target: RouteTarget,
    publicKey: string,
    signal: AbortSignal | undefined,
  ): Promise<VonageApplication> {
    const json = changedApplication(current, target, publicKey);
    const url = `${APPLICATIONS}/${encodeURIComponent(current.id)}`;
    return this.write({ method: 'PUT', url, json }, target, signal);
  }

  private async write(
    request: { readonly method: 'POST' | 'PUT'; readonly url: string; readonly json: unknown },
    target: RouteTarget,
    signal: AbortSignal | undefined,
  ): Promise<VonageApplication> {
    const outcome = await askVonage(this.http, { ...request, headers: this.headers, signal });
    const written = outcome.kind === 'done' ? understood(outcome.json) : null;
    if (!written || !answersAt(written, target)) throw notUnderstood();
    return written;
  }
}

function ours(values: SharedValues): OurApplication | null {
  const { application_id: id, private_key: privateKey } = values;
  return id ? { id, privateKey: privateKey ?? '' } : null;
}

function understood(json: unknown): VonageApplication {
  const application = parseVonageApplication(json);
  if (!application) throw notUnderstood();
  return application;
}

function applicationsIn(json: unknown): { applications: readonly VonageApplication[]; pages: number } {
  const embedded = isRecord(json) ? json._embedded : undefined;
  const items = isRecord(embedded) ? (embedded.applications ?? []) : [];
  if (!isRecord(json) || !Array.isArray(items)) throw notUnderstood();
  const pages = typeof json.total_pages === 'number' ? json.total_pages : 1;
  return { applications: items.map(understood), pages };
}
