import { ProviderError } from '../../contract/provider-error';
import type { RouteTarget } from '../../contract/route';
import type { SharedResources, SharedValues } from '../../contract/shared-resources';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import { notUnderstood, type TelnyxApi } from './telnyx.api';
import {
  applicationBody,
  leadsTo,
  outboundProfile,
  parseApplication,
  type TelnyxApplication,
} from './telnyx.application';

const PATH = '/texml_applications';

/**
 * The account's TeXML applications, and the one among them that its numbers share.
 * Source: https://developers.telnyx.com/api-reference/texml-applications/creates-a-texml-application
 */
export class TelnyxApplications {
  constructor(
    private readonly api: TelnyxApi,
    private readonly shared: SharedResources,
  ) {}

  /** The application of that identifier; `null` where it is none, such as a SIP connection. */
  async read(id: string, signal: AbortSignal | undefined): Promise<TelnyxApplication | null> {
    const data = await this.api.data(pathOf(id), { method: 'GET', signal });
    return data && understood(data);
  }

  /** Whether numbers on that connection are on the shared application. */
  async isShared(id: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (applicationIn(await this.shared.read()) === id) return true;
    return (await this.read(id, signal))?.name === this.shared.name;
  }

  /** The shared application, made or put right where it does not lead to `target` yet. */
  async ready(target: RouteTarget, signal: AbortSignal | undefined): Promise<TelnyxApplication> {
    const known = await this.remembered(await this.shared.read(), signal);
    if (known && leadsTo(known, target)) return known;
    const made: TelnyxApplication[] = [];
    const values = await this.shared.ensure(async (remembered) => {
      const { application, isRemembered } = await this.make(remembered, target, signal);
      made.push(application);
      return isRemembered && remembered ? remembered : { application_id: application.id };
    }, signal);
    // Empty where another run was under way, whose result is then shared.
    const application = made[0] ?? (await this.remembered(values, signal));
    if (!application || !leadsTo(application, target)) throw notYet();
    return application;
  }

  /** The shared application, with an outbound voice profile, which it gets where it has none. */
  async readyToCall(target: RouteTarget, signal: AbortSignal | undefined): Promise<TelnyxApplication> {
    const application = await this.ready(target, signal);
    if (outboundProfile(application) !== null) return application;
    const outbound = { ...application.outbound, outbound_voice_profile_id: await this.enabledProfile(signal) };
    return this.write(application, { ...applicationBody(application.name, target), outbound }, signal);
  }

  private async make(
    remembered: SharedValues | null,
    target: RouteTarget,
    signal: AbortSignal | undefined,
  ): Promise<{ application: TelnyxApplication; isRemembered: boolean }> {
    const known = await this.remembered(remembered, signal);
    const existing = known ?? (await this.ofOurName(signal));
    const application = existing ? await this.correct(existing, target, signal) : await this.create(target, signal);
    return { application, isRemembered: known !== null };
  }

  private async remembered(
    values: SharedValues | null,
    signal: AbortSignal | undefined,
  ): Promise<TelnyxApplication | null> {
    const id = applicationIn(values);
    return id === null ? null : this.read(id, signal);
  }

  /** The filter finds parts of names in any case, so what it finds is compared. */
  private async ofOurName(signal: AbortSignal | undefined): Promise<TelnyxApplication | null> {
    for await (const item of this.api.all(PATH, { 'filter[friendly_name]': this.shared.name }, signal)) {
      const application = understood(item);
      if (application.name === this.shared.name) return application;
    }
    return null;
  }

  private async correct(
    application: TelnyxApplication,
    target: RouteTarget,
    signal: AbortSignal | undefined,
  ): Promise<TelnyxApplication> {
    if (leadsTo(application, target)) return application;
    return this.write(application, applicationBody(application.name, target), signal);
  }

  private async write(
    application: TelnyxApplication,
    json: JsonRecord,
    signal: AbortSignal | undefined,
  ): Promise<TelnyxApplication> {
    const written = await this.api.data(pathOf(application.id), { method: 'PATCH', json, signal });
    if (!written) throw notYet();
    return understood(written);
  }

  private async create(target: RouteTarget, signal: AbortSignal | undefined): Promise<TelnyxApplication> {
    const json = applicationBody(this.shared.name, target);
    const created = await this.api.data(PATH, { method: 'POST', json, signal });
    if (!created) throw notUnderstood();
    return understood(created);
  }

  /** The oldest one that is not disabled: `resources/outbound-voice-profiles.d.ts` of the `telnyx` SDK */
  private async enabledProfile(signal: AbortSignal | undefined): Promise<string> {
    for await (const item of this.api.all('/outbound_voice_profiles', { sort: 'created_at' }, signal)) {
      const id = isRecord(item) ? textOrNull(item, 'id') : null;
      if (!isRecord(item) || id === null) throw notUnderstood();
      if (item.enabled !== false) return id;
    }
    throw new ProviderError(
      'permanent',
      'The Telnyx account has no enabled outbound voice profile, without which it places no calls',
    );
  }
}

function applicationIn(values: SharedValues | null): string | null {
  return values?.application_id ?? null;
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}

function understood(item: unknown): TelnyxApplication {
  const application = parseApplication(item);
  if (!application) throw notUnderstood();
  return application;
}

function notYet(): ProviderError {
  return new ProviderError('transient', 'Telnyx took the application but still shows another one');
}
