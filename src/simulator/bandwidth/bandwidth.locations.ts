import { VendorReply, VendorRequest } from '../core/vendor';
import { childOf, readXml, writeXml } from '../core/xml';
import { BandwidthAccount } from './bandwidth.account';
import { SipPeer, Site } from './bandwidth.model';
import { statusError, xmlReply } from './bandwidth.xml';

const HOST = 'https://dashboard.bandwidth.com:443';

/** `GET /accounts/{id}/sites`. */
export function listSites(account: BandwidthAccount): VendorReply {
  return xmlReply(200, writeXml('SitesResponse', [writeXml('Sites', account.sites.map(siteXml))]));
}

/** `POST /accounts/{id}/sites`; its address is required, and not looked at here. */
export function createSite(account: BandwidthAccount, { text, path }: VendorRequest): VendorReply {
  const site = readXml(text);
  const name = site?.name === 'Site' ? childOf(site, 'Name')?.text : undefined;
  if (!name) return statusError('SiteResponse', 400, 1003, 'Name is required');
  if (!childOf(site, 'Address')) return statusError('SiteResponse', 400, 1003, 'Address is required');
  const created = account.addSite(name, childOf(site, 'Description')?.text ?? '');
  const headers = { Location: `${HOST}${path}/${created.id}` };
  return xmlReply(201, writeXml('SiteResponse', [siteXml(created)]), headers);
}

/** `GET /accounts/{id}/sites/{siteId}/sippeers`. */
export function listPeers(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const site = account.site(params.site);
  if (!site) return noSite(params.site);
  return xmlReply(200, writeXml('TNSipPeersResponse', [writeXml('SipPeers', site.peers.map(peerXml))]));
}

/** `POST /accounts/{id}/sites/{siteId}/sippeers`: answers without a body, the identifier is in `Location`. */
export function createPeer(account: BandwidthAccount, { params, text, path }: VendorRequest): VendorReply {
  const site = account.site(params.site);
  if (!site) return noSite(params.site);
  const given = readXml(text);
  const name = given?.name === 'SipPeer' ? childOf(given, 'PeerName')?.text : undefined;
  if (!name) return statusError('SipPeerResponse', 400, 1003, 'PeerName is required');
  const peer = account.addPeer(site, name, childOf(given, 'IsDefaultPeer')?.text === 'true');
  return { status: 201, headers: { Location: `${HOST}${path}/${peer.id}` }, body: undefined };
}

/** `GET /accounts/{id}/sites/{siteId}/sippeers/{peerId}`. */
export function readPeer(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const peer = peerOf(account, params);
  return peer ? xmlReply(200, writeXml('SipPeerResponse', [peerXml(peer)])) : noPeer(account, params);
}

/** `GET …/sippeers/{peerId}/products/origination/settings`. */
export function readOrigination(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const peer = peerOf(account, params);
  return peer ? xmlReply(200, originationXml(peer)) : noPeer(account, params);
}

/**
 * `POST` and `PUT …/products/origination/settings`. Changing from SIP to HTTP "will remove Voice Hosts or Voice Host
 * Groups and Termination Hosts" (the description of UpdateSipPeerOriginationSettings).
 */
export function writeOrigination(account: BandwidthAccount, request: VendorRequest): VendorReply {
  const peer = peerOf(account, request.params);
  if (!peer) return noPeer(account, request.params);
  const settings = readXml(request.text);
  const refused = (code: number, description: string) =>
    statusError('SipPeerOriginationSettingsResponse', 400, code, description);
  const protocol = childOf(settings, 'VoiceProtocol')?.text;
  if (settings?.name !== 'SipPeerOriginationSettings' || (protocol !== 'HTTP' && protocol !== 'SIP')) {
    return refused(1003, 'VoiceProtocol is required');
  }
  const applicationId = childOf(childOf(settings, 'HttpSettings'), 'HttpVoiceV2AppId')?.text;
  if (protocol === 'HTTP') {
    if (!applicationId) return refused(1003, 'HttpVoiceV2AppId is required');
    const application = account.application(applicationId);
    if (!application?.ServiceType.startsWith('Voice')) {
      return refused(13629, `Application with id '${applicationId}' not found`);
    }
    peer.voice_hosts = [];
  }
  peer.voice_protocol = protocol;
  peer.application_id = protocol === 'HTTP' ? (applicationId ?? null) : null;
  return request.method === 'POST' ? xmlReply(201, originationXml(peer)) : { status: 200, body: undefined };
}

function peerOf(account: BandwidthAccount, params: VendorRequest['params']): SipPeer | undefined {
  return account.site(params.site)?.peers.find(({ id }) => id === params.peer);
}

function noSite(id: string | undefined): VendorReply {
  return statusError('SiteResponse', 404, null, `Site '${id}' does not exist`);
}

function noPeer(account: BandwidthAccount, params: VendorRequest['params']): VendorReply {
  const description = `Sip Peer '${params.peer}' account '${account.id}' and site '${params.site}' does not exist`;
  return statusError('SipPeerResponse', 400, 13563, description);
}

function siteXml(site: Site): string {
  const { id, name, description } = site;
  return writeXml('Site', [writeXml('Id', id), writeXml('Name', name), writeXml('Description', description)]);
}

function peerXml(peer: SipPeer): string {
  const hosts = peer.voice_hosts.map((host) => writeXml('Host', [writeXml('HostName', host)]));
  return writeXml('SipPeer', [
    writeXml('PeerId', peer.id),
    writeXml('PeerName', peer.name),
    writeXml('IsDefaultPeer', String(peer.is_default)),
    writeXml('VoiceHosts', hosts),
    writeXml('VoiceHostGroups'),
    writeXml('TerminationHosts'),
  ]);
}

function originationXml(peer: SipPeer): string {
  const application = peer.application_id;
  return writeXml('SipPeerOriginationSettingsResponse', [
    writeXml('SipPeerOriginationSettings', [
      writeXml('VoiceProtocol', peer.voice_protocol),
      ...(application ? [writeXml('HttpSettings', [writeXml('HttpVoiceV2AppId', application)])] : []),
    ]),
  ]);
}
