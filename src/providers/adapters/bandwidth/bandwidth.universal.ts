import { ProviderError } from '../../contract/provider-error';
import type { RouteSnapshot } from '../../contract/route';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { BandwidthApi } from './bandwidth.api';
import { notOwned, notUnderstood, refused } from './bandwidth.error';
import type { BandwidthNumbers } from './bandwidth.numbers';
import type { Patience } from './bandwidth.patience';
import type { BandwidthRouting, Place } from './bandwidth.routing';
import type { Made } from './bandwidth.shared';

const PACKAGES = '/voiceConfigurationPackages';
const IN_FLIGHT = new Set(['RECEIVED', 'PROCESSING']);

interface VoiceNumber {
  readonly packageId: string | null;
  /** `null` where Bandwidth does not tell. */
  readonly isInboundActive: boolean | null;
}

/**
 * Accounts of the Universal Platform: numbers are in a voice configuration package, which names the application.
 * Sources: https://dev.bandwidth.com/docs/universal-platform/create-a-vcp and
 * https://github.com/Bandwidth/cli (cmd/vcp, cmd/number)
 */
export class UniversalRouting implements BandwidthRouting {
  constructor(
    private readonly name: string,
    private readonly api: BandwidthApi,
    private readonly numbers: BandwidthNumbers,
    private readonly patience: Patience,
  ) {}

  async prepare(made: Made, applicationId: string, signal: AbortSignal | undefined): Promise<Made> {
    const known = made.packageId === undefined ? null : await this.readPackage(made.packageId, signal);
    const found = known ?? (await this.findPackage(this.name, signal));
    if (!found) {
      const json = { name: this.name, description: 'Made by Patchbay', httpVoiceV2ApplicationId: applicationId };
      const created = await this.writePackage('POST', '', json, signal);
      return { packageId: packageIdOf(created) };
    }
    const packageId = packageIdOf(found);
    if (textOrNull(found, 'httpVoiceV2ApplicationId') !== applicationId) {
      await this.writePackage('PATCH', `/${packageId}`, { httpVoiceV2ApplicationId: applicationId }, signal);
    }
    return { packageId };
  }

  async applicationOf(made: Made, signal: AbortSignal | undefined): Promise<string | null> {
    const found = made.packageId === undefined ? null : await this.readPackage(made.packageId, signal);
    return found && textOrNull(found, 'httpVoiceV2ApplicationId');
  }

  async read(phoneNumber: string, made: Made, signal: AbortSignal | undefined): Promise<Place> {
    const ours = made.packageId === undefined ? null : await this.voiceNumber(phoneNumber, made.packageId, signal);
    const found = ours ?? (await this.voiceNumber(phoneNumber, null, signal));
    if (!found && !(await this.numbers.find(phoneNumber, signal))) throw notOwned();
    const { packageId = null, isInboundActive = null } = found ?? {};
    return {
      snapshot: {
        kind: 'universal',
        voice_configuration_package_id: packageId,
        inbound_activated: isInboundActive === null ? null : String(isInboundActive),
      },
      isOurs: packageId !== null && packageId === made.packageId,
      isOpen: isInboundActive !== false,
    };
  }

  async take(phoneNumber: string, made: Made, signal: AbortSignal | undefined): Promise<void> {
    const { packageId } = made;
    if (packageId === undefined) throw notUnderstood();
    let number = await this.voiceNumber(phoneNumber, packageId, signal);
    if (!number) {
      if (!(await this.numbers.find(phoneNumber, signal))) throw notOwned();
      await this.assign('ADD', phoneNumber, packageId, signal);
      number = await this.voiceNumber(phoneNumber, packageId, signal);
    }
    if (!number) throw new ProviderError('transient', 'Bandwidth took the route but still shows another one');
    if (number.isInboundActive !== true) await this.setInbound('ACTIVATE', phoneNumber, signal);
  }

  /** Inbound calls that were off are switched off first: once the number is moved, a repetition does nothing more. */
  async giveBack(
    phoneNumber: string,
    former: RouteSnapshot | null,
    made: Made,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const place = await this.read(phoneNumber, made, signal);
    if (!place.isOurs || made.packageId === undefined) return;
    if (former?.inbound_activated === 'false') await this.setInbound('DEACTIVATE', phoneNumber, signal);
    const formerId = former?.voice_configuration_package_id;
    const isBack = formerId && formerId !== made.packageId && (await this.putInto(phoneNumber, formerId, signal));
    if (!isBack) await this.putNowhere(phoneNumber, made.packageId, signal);
  }

  /** False for a package that is no more. */
  private async putInto(phoneNumber: string, packageId: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.assign('ADD', phoneNumber, packageId, signal);
      return true;
    } catch (error) {
      if (error instanceof ProviderError && error.httpStatus === 404) return false;
      throw error;
    }
  }

  /**
   * Only adding is documented: where removing is refused, or changes nothing, the number goes to a package that leads
   * nowhere either.
   */
  private async putNowhere(phoneNumber: string, packageId: string, signal: AbortSignal | undefined): Promise<void> {
    if (await this.isRemoved(phoneNumber, packageId, signal)) return;
    const name = `${this.name}-unused`;
    const found = await this.findPackage(name, signal);
    const json = { name, description: 'Numbers that Patchbay has given up, and that were in no package before' };
    const unused = found ?? (await this.writePackage('POST', '', json, signal));
    await this.assign('ADD', phoneNumber, packageIdOf(unused), signal);
  }

  private async isRemoved(phoneNumber: string, packageId: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.assign('REMOVE', phoneNumber, packageId, signal);
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'permanent') return false;
      throw error;
    }
    return (await this.voiceNumber(phoneNumber, packageId, signal)) === null;
  }

  private async readPackage(id: string, signal: AbortSignal | undefined): Promise<JsonRecord | null> {
    const url = this.api.platformUrl(`${PACKAGES}/${encodeURIComponent(id)}`);
    const answer = await this.api.json('to read its voice configuration package', { method: 'GET', url, signal });
    return answer && dataOf(answer);
  }

  private async findPackage(name: string, signal: AbortSignal | undefined): Promise<JsonRecord | null> {
    const what = 'to list its voice configuration packages';
    for await (const item of this.api.items(what, PACKAGES, {}, signal)) if (item.name === name) return item;
    return null;
  }

  private async writePackage(
    method: 'POST' | 'PATCH',
    path: string,
    json: JsonRecord,
    signal: AbortSignal | undefined,
  ): Promise<JsonRecord> {
    const url = this.api.platformUrl(PACKAGES + path);
    const answer = await this.api.json('to set up a voice configuration package', { method, url, json, signal });
    if (!answer) throw notUnderstood();
    return dataOf(answer);
  }

  /** No filter by number exists, but one by package, so that our own numbers are found soon. */
  private async voiceNumber(
    phoneNumber: string,
    packageId: string | null,
    signal: AbortSignal | undefined,
  ): Promise<VoiceNumber | null> {
    const filter: Record<string, string> = packageId === null ? {} : { voiceConfigurationPackageId: packageId };
    const query = { ...filter, limit: '1000' };
    for await (const item of this.api.items('to list its voice numbers', '/phoneNumbers/voice', query, signal)) {
      if (item.phoneNumber !== phoneNumber) continue;
      const number = parseVoiceNumber(item);
      if (packageId === null || number.packageId === packageId) return number;
      if (number.packageId === null) return { ...number, packageId };
    }
    return null;
  }

  /** A number that is in another package is moved. */
  private async assign(
    action: 'ADD' | 'REMOVE',
    phoneNumber: string,
    packageId: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const url = this.api.platformUrl(`${PACKAGES}/${encodeURIComponent(packageId)}/phoneNumbers/bulk`);
    const json = { action, phoneNumbers: [phoneNumber] };
    const response = await this.api.send({ method: 'POST', url, json, signal });
    if (response.status >= 300) throw refused('to move the number to another package', response);
  }

  private async setInbound(
    action: 'ACTIVATE' | 'DEACTIVATE',
    phoneNumber: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const url = this.api.numbersUrl('/serviceActivation');
    const json = { action, phoneNumbers: [phoneNumber], services: { voice: ['INBOUND'] } };
    const what = `to ${action.toLowerCase()} inbound calls`;
    const ordered = await this.api.json(what, { method: 'POST', url, json, signal });
    if (!ordered) throw notUnderstood();
    const order = dataOf(ordered);
    const id = textOrNull(order, 'orderId');
    let status = textOrNull(order, 'orderStatus');
    if (id !== null && (status === null || IN_FLIGHT.has(status))) {
      status = await this.patience.until(async () => {
        const read = { method: 'GET', url: `${url}/${encodeURIComponent(id)}`, signal } as const;
        const current = await this.api.json(what, read);
        const now = current && textOrNull(dataOf(current), 'orderStatus');
        return now !== null && IN_FLIGHT.has(now) ? null : (now ?? 'UNKNOWN');
      }, signal);
    }
    if (status !== null && /FAIL|PARTIAL|REJECT|CANCEL|ERROR|EXCEPTION/i.test(status)) {
      throw new ProviderError('permanent', `Bandwidth does not ${action.toLowerCase()} inbound calls for the number`, {
        vendorCode: /^\w{1,40}$/.test(status) ? status : undefined,
      });
    }
  }
}

function dataOf(answer: JsonRecord): JsonRecord {
  return isRecord(answer.data) ? answer.data : answer;
}

function packageIdOf(item: JsonRecord): string {
  const id = textOrNull(item, 'voiceConfigurationPackageId');
  if (id === null) throw notUnderstood();
  return id;
}

/** The package is named by its id, or is an object with one. */
function parseVoiceNumber(item: JsonRecord): VoiceNumber {
  const nested = isRecord(item.voiceConfigurationPackage) ? item.voiceConfigurationPackage : {};
  return {
    packageId: textOrNull(item, 'voiceConfigurationPackageId') ?? textOrNull(nested, 'voiceConfigurationPackageId'),
    isInboundActive: typeof item.inboundActivated === 'boolean' ? item.inboundActivated : null,
  };
}
