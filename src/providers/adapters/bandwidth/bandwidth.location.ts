import { ProviderError } from '../../contract/provider-error';
import { element, parseXml, xmlDocument, type XmlNode } from '../../support/xml';
import type { BandwidthApi } from './bandwidth.api';
import type { BandwidthCredentials } from './bandwidth.credentials';
import { notUnderstood, refused } from './bandwidth.error';
import type { Location } from './bandwidth.move-order';
import type { Made } from './bandwidth.shared';

const SETTINGS = '/products/origination/settings';

/**
 * The location (SIP peer) that takes our numbers, in a sub-account (site) of the customer's.
 * Source: https://dev.bandwidth.com/docs/account/programmatic-setup
 */
export class BandwidthLocations {
  constructor(
    private readonly name: string,
    private readonly credentials: Pick<BandwidthCredentials, 'site_id' | 'sip_peer_id'>,
    private readonly api: BandwidthApi,
  ) {}

  /** The configured location, the one that was made before, one of our name, or a new one. */
  async ensure(made: Made, signal: AbortSignal | undefined): Promise<Location> {
    const siteId = this.credentials.site_id ?? (await this.onlySite(signal));
    const sipPeerId = this.credentials.sip_peer_id ?? (await this.ourPeer(siteId, made, signal));
    return { siteId, sipPeerId };
  }

  /** False where the credentials have come to name another one. */
  isWanted({ siteId, sipPeerId }: Location): boolean {
    const { site_id: site = siteId, sip_peer_id: peer = sipPeerId } = this.credentials;
    return site === siteId && peer === sipPeerId;
  }

  /** The application that a location's calls go to; `null` where they go to a SIP host or nowhere. */
  async applicationOf(location: Location, signal: AbortSignal | undefined): Promise<string | null> {
    const settings = await this.settings(location, signal);
    const protocol = settings?.textAt('VoiceProtocol') ?? 'HTTP';
    return protocol === 'HTTP' ? (settings?.textAt('HttpSettings', 'HttpVoiceV2AppId') ?? null) : null;
  }

  /**
   * Makes a location's calls go to the application. A location that the customer names is left as it is while it
   * carries numbers, which would all be re-routed.
   */
  async bind(location: Location, applicationId: string, signal: AbortSignal | undefined): Promise<void> {
    const settings = await this.settings(location, signal);
    if ((await this.applicationOf(location, signal)) === applicationId) return;
    if (this.credentials.sip_peer_id !== undefined && (await this.carriesNumbers(location, signal))) {
      throw new ProviderError(
        'permanent',
        'The location given as sip_peer_id carries numbers that lead elsewhere; give an empty one, or leave it out',
      );
    }
    const xml = xmlDocument(
      element(
        'SipPeerOriginationSettings',
        {},
        element('VoiceProtocol', {}, 'HTTP'),
        element('HttpSettings', {}, element('HttpVoiceV2AppId', {}, applicationId)),
      ),
    );
    const url = this.peerUrl(location) + SETTINGS;
    const response = await this.api.sendXml({ method: settings ? 'PUT' : 'POST', url, xml, signal });
    if (response.status >= 300) throw refused('to set up the location', response);
    if ((await this.applicationOf(location, signal)) !== applicationId) {
      throw new ProviderError('transient', "Bandwidth took the location's application but still shows another one");
    }
  }

  /** Where numbers of the site are unless they are put elsewhere; `null` where that is `location` itself. */
  async defaultBeside(location: Location, signal: AbortSignal | undefined): Promise<Location | null> {
    const peers = await this.peers(location.siteId, signal);
    const sipPeerId = peers.find((peer) => peer.textAt('IsDefaultPeer') === 'true')?.textAt('PeerId') ?? null;
    return sipPeerId === null || sipPeerId === location.sipPeerId ? null : { ...location, sipPeerId };
  }

  private async onlySite(signal: AbortSignal | undefined): Promise<string> {
    const url = this.api.numbersUrl('/sites');
    const root = await this.api.xml('to list its sub-accounts', { method: 'GET', url, signal });
    const sites = root?.at('Sites')?.children('Site') ?? [];
    const [id] = sites.map((site) => site.textAt('Id'));
    if (sites.length === 1 && id) return id;
    const why = sites.length === 0 ? 'no sub-account (site)' : 'several sub-accounts (sites); name one as site_id';
    throw new ProviderError('permanent', `The Bandwidth account has ${why}`);
  }

  private async ourPeer(siteId: string, made: Made, signal: AbortSignal | undefined): Promise<string> {
    const peers = await this.peers(siteId, signal);
    const isRemembered = (peer: XmlNode) => made.siteId === siteId && peer.textAt('PeerId') === made.sipPeerId;
    const isNamed = (peer: XmlNode) => peer.textAt('PeerName') === this.name;
    const id = (peers.find(isRemembered) ?? peers.find(isNamed))?.textAt('PeerId');
    return id ?? this.createPeer(siteId, signal);
  }

  private async peers(siteId: string, signal: AbortSignal | undefined): Promise<XmlNode[]> {
    const url = this.api.numbersUrl(`/sites/${siteId}/sippeers`);
    const root = await this.api.xml('to list its locations', { method: 'GET', url, signal });
    return root?.at('SipPeers')?.children('SipPeer') ?? [];
  }

  /** Its id is in the answer, or only at the end of the `Location` header. */
  private async createPeer(siteId: string, signal: AbortSignal | undefined): Promise<string> {
    const xml = xmlDocument(
      element('SipPeer', {}, element('PeerName', {}, this.name), element('IsDefaultPeer', {}, 'false')),
    );
    const url = this.api.numbersUrl(`/sites/${siteId}/sippeers`);
    const response = await this.api.sendXml({ method: 'POST', url, xml, signal });
    if (response.status >= 300) throw refused('to make a location', response);
    const told = parseXml(response.text)?.textAt('SipPeer', 'PeerId');
    const id = told ?? /\/sippeers\/(\d+)$/.exec(response.headers.get('location') ?? '')?.[1];
    if (!id) throw notUnderstood();
    return id;
  }

  private async settings(location: Location, signal: AbortSignal | undefined): Promise<XmlNode | null> {
    const url = this.peerUrl(location) + SETTINGS;
    const root = await this.api.xml('to read its location', { method: 'GET', url, signal });
    return root?.at('SipPeerOriginationSettings') ?? null;
  }

  private async carriesNumbers(location: Location, signal: AbortSignal | undefined): Promise<boolean> {
    const url = `${this.peerUrl(location)}/tns?page=1&size=1`;
    const root = await this.api.xml("to list the location's numbers", { method: 'GET', url, signal });
    if (root && root.name !== 'SipPeerTelephoneNumbersResponse') throw notUnderstood();
    return (root?.at('SipPeerTelephoneNumbers')?.children('SipPeerTelephoneNumber') ?? []).length > 0;
  }

  private peerUrl({ siteId, sipPeerId }: Location): string {
    return this.api.numbersUrl(`/sites/${siteId}/sippeers/${sipPeerId}`);
  }
}
