import { ProviderError } from '../../contract/provider-error';
import type { RouteTarget } from '../../contract/route';
import { element, xmlDocument, type XmlNode } from '../../support/xml';
import type { BandwidthApi } from './bandwidth.api';
import { notUnderstood } from './bandwidth.error';
import { type CallbackUser, type Made, newCallbackUser } from './bandwidth.shared';

const SERVICE = 'Voice-V2';

/** A voice application: the only place at Bandwidth where callback URLs are held. */
interface VoiceApplication {
  readonly id: string;
  readonly name: string | null;
  /** Where its callbacks go; `null` where one of them is missing or is no POST. */
  readonly target: RouteTarget | null;
  readonly callbackUser: string | null;
}

export type MadeApplication = Required<Pick<Made, 'applicationId' | 'callback'>>;

/**
 * The application that all numbers of the account share.
 * Source: https://dev.bandwidth.com/docs/account/applications
 */
export class BandwidthApplications {
  constructor(private readonly api: BandwidthApi) {}

  /** Where the application that was made sends its callbacks with the credentials that were given to it, else `null`. */
  async targetOf(made: Made, signal: AbortSignal | undefined): Promise<RouteTarget | null> {
    if (made.applicationId === undefined || made.callback === undefined) return null;
    const application = await this.read(made.applicationId, signal);
    return application?.callbackUser === made.callback.user ? application.target : null;
  }

  /** The one that was made, found by id, then by name, else created; and made to lead to `target`. */
  async ensure(
    made: Made,
    name: string,
    target: RouteTarget,
    signal: AbortSignal | undefined,
  ): Promise<MadeApplication> {
    const known = made.applicationId === undefined ? null : await this.read(made.applicationId, signal);
    const found = known ?? (await this.findByName(name, signal));
    if (!found) {
      const callback = newCallbackUser();
      const { id } = await this.write('POST', '', body(target, callback, name), signal);
      return { applicationId: id, callback };
    }
    const isKnownUser = made.callback !== undefined && made.callback.user === found.callbackUser;
    if (isKnownUser && sameTarget(found.target, target)) return { applicationId: found.id, callback: made.callback };
    const callback = made.callback ?? newCallbackUser();
    await this.write('PATCH', `/${found.id}`, body(target, callback), signal);
    const changed = await this.read(found.id, signal);
    if (changed?.callbackUser !== callback.user || !sameTarget(changed.target, target)) {
      throw new ProviderError('transient', 'Bandwidth took the URLs of the application but still shows other ones');
    }
    return { applicationId: found.id, callback };
  }

  private async read(id: string, signal: AbortSignal | undefined): Promise<VoiceApplication | null> {
    const url = this.api.numbersUrl(`/applications/${encodeURIComponent(id)}`);
    const root = await this.api.xml('to read its application', { method: 'GET', url, signal });
    const node = root?.at('Application');
    if (root && !node) throw notUnderstood();
    return node ? parseApplication(node) : null;
  }

  private async findByName(name: string, signal: AbortSignal | undefined): Promise<VoiceApplication | null> {
    const url = this.api.numbersUrl('/applications');
    const root = await this.api.xml('to list its applications', { method: 'GET', url, signal });
    const nodes = root?.at('ApplicationList')?.children('Application') ?? [];
    const voice = nodes.filter((node) => node.textAt('ServiceType') === SERVICE).map(parseApplication);
    return voice.find((application) => application.name === name) ?? null;
  }

  private async write(
    method: 'POST' | 'PATCH',
    path: string,
    xml: string,
    signal: AbortSignal | undefined,
  ): Promise<VoiceApplication> {
    const url = this.api.numbersUrl(`/applications${path}`);
    const root = await this.api.xml('to set up its application', { method, url, xml, signal });
    const node = root?.at('Application');
    if (!node) throw notUnderstood();
    return parseApplication(node);
  }
}

export function sameTarget(one: RouteTarget | null, other: RouteTarget): boolean {
  return one?.answerUrl === other.answerUrl && one.statusUrl === other.statusUrl;
}

/** POST is what a method is that is not told. */
function parseApplication(node: XmlNode): VoiceApplication {
  const id = node.textAt('ApplicationId');
  if (id === null) throw notUnderstood();
  const answerUrl = node.textAt('CallInitiatedCallbackUrl');
  const statusUrl = node.textAt('CallStatusCallbackUrl');
  const isPosted = ['CallInitiatedMethod', 'CallStatusMethod'].every(
    (method) => (node.textAt(method) ?? 'POST').toUpperCase() === 'POST',
  );
  return {
    id,
    name: node.textAt('AppName'),
    target: answerUrl !== null && statusUrl !== null && isPosted ? { answerUrl, statusUrl } : null,
    callbackUser: node.textAt('CallbackCreds', 'UserId'),
  };
}

/** Without a name only the callbacks: PATCH leaves alone what it does not name. */
function body(target: RouteTarget, callback: CallbackUser, name?: string): string {
  const naming = name === undefined ? [] : [element('ServiceType', {}, SERVICE), element('AppName', {}, name)];
  return xmlDocument(
    element(
      'Application',
      {},
      ...naming,
      element('CallInitiatedCallbackUrl', {}, target.answerUrl),
      element('CallInitiatedMethod', {}, 'POST'),
      element('CallStatusCallbackUrl', {}, target.statusUrl),
      element('CallStatusMethod', {}, 'POST'),
      element('CallbackCreds', {}, element('UserId', {}, callback.user), element('Password', {}, callback.password)),
    ),
  );
}
