import { ProviderError } from '../../contract/provider-error';
import type { RouteTarget } from '../../contract/route';
import type { SharedValues } from '../../contract/shared-resources';
import { isRecord, textOrNull } from '../../support/json';
import { notUnderstood, type PlivoApi, requestRefused } from './plivo.api';
import { applicationId, applicationIdIn } from './plivo.id';

/** What holds the URLs of all numbers that lead to it. */
export interface PlivoApplication {
  readonly id: string;
  readonly name: string | null;
  readonly answerUrl: string | null;
  readonly answerMethod: string | null;
  readonly hangupUrl: string | null;
  readonly hangupMethod: string | null;
  readonly isEnabled: boolean;
}

/** Source: https://www.plivo.com/docs/account/api/application */
export function parsePlivoApplication(item: unknown): PlivoApplication | null {
  if (!isRecord(item)) return null;
  const id = applicationId(item);
  if (id === null) return null;
  return {
    id,
    name: textOrNull(item, 'app_name'),
    answerUrl: textOrNull(item, 'answer_url'),
    answerMethod: textOrNull(item, 'answer_method'),
    hangupUrl: textOrNull(item, 'hangup_url'),
    hangupMethod: textOrNull(item, 'hangup_method'),
    isEnabled: item.enabled !== false,
  };
}

export function reaches(application: PlivoApplication, target: RouteTarget): boolean {
  const { isEnabled, answerUrl, answerMethod, hangupUrl, hangupMethod } = application;
  return (
    isEnabled &&
    answerUrl === target.answerUrl &&
    isPost(answerMethod) &&
    hangupUrl === target.statusUrl &&
    isPost(hangupMethod)
  );
}

/** Without a method Plivo posts. */
function isPost(method: string | null): boolean {
  return method === null || method.toUpperCase() === 'POST';
}

/** The application that the account's numbers share. */
export class PlivoApplications {
  constructor(
    private readonly api: PlivoApi,
    private readonly name: string,
  ) {}

  async read(id: string, signal: AbortSignal | undefined): Promise<PlivoApplication | null> {
    const item = await this.api.read(path(id), signal);
    if (item === null) return null;
    const application = parsePlivoApplication(item);
    if (!application) throw notUnderstood();
    return application;
  }

  /** Makes sure that it is there and calls `target`; what to remember of it is `remembered` itself while that is right. */
  async ensure(
    remembered: SharedValues | null,
    target: RouteTarget,
    signal: AbortSignal | undefined,
  ): Promise<SharedValues> {
    const known = remembered?.app_id ? await this.read(remembered.app_id, signal) : null;
    const found = known ?? (await this.byName(signal));
    const application = found ?? (await this.create(target, signal));
    if (!reaches(application, target)) await this.update(application.id, target, signal);
    return remembered?.app_id === application.id ? remembered : { app_id: application.id };
  }

  private async byName(signal: AbortSignal | undefined): Promise<PlivoApplication | null> {
    for (let offset: number | null = 0; offset !== null;) {
      const page = await this.api.page('Application/', offset, signal);
      for (const item of page.objects) {
        const application = parsePlivoApplication(item);
        if (!application) throw notUnderstood();
        if (application.name === this.name) return this.read(application.id, signal);
      }
      offset = page.next;
    }
    return null;
  }

  /** Names are unique at Plivo, so a refusal may mean that somebody else was quicker. */
  private async create(target: RouteTarget, signal: AbortSignal | undefined): Promise<PlivoApplication> {
    const json = { app_name: this.name, ...urlsOf(target) };
    const response = await this.api.ask('Application/', { method: 'POST', json, signal });
    const id = response.status < 300 ? applicationIdIn(response.text) : null;
    const made = id === null ? await this.byName(signal) : await this.read(id, signal);
    if (made) return made;
    throw response.status < 300 ? notUnderstood() : requestRefused(response.status);
  }

  private async update(id: string, target: RouteTarget, signal: AbortSignal | undefined): Promise<void> {
    const response = await this.api.ask(path(id), { method: 'POST', json: urlsOf(target), signal });
    if (response.status === 400) throw requestRefused(400);
    const application = await this.read(id, signal);
    if (!application || !reaches(application, target)) {
      throw new ProviderError('transient', 'Plivo took the URLs of the application but still shows other ones');
    }
  }
}

function path(id: string): `${string}/` {
  return `Application/${encodeURIComponent(id)}/`;
}

/** Never the account's default: numbers that nobody has routed here would follow. */
function urlsOf({ answerUrl, statusUrl }: RouteTarget): Record<string, string | boolean> {
  return {
    answer_url: answerUrl,
    answer_method: 'POST',
    hangup_url: statusUrl,
    hangup_method: 'POST',
    default_number_app: false,
    default_endpoint_app: false,
  };
}
