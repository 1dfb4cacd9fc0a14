import { randomUUID } from 'node:crypto';
import { VendorReply, VendorRequest } from '../core/vendor';
import { readXml, writeXml } from '../core/xml';
import { BandwidthAccount } from './bandwidth.account';
import { applicationXml, BandwidthApplication, readApplication } from './bandwidth.application';
import { statusError, xmlReply } from './bandwidth.xml';

const ROOT = 'ApplicationProvisioningResponse';

export function listApplications(account: BandwidthAccount): VendorReply {
  return xmlReply(200, writeXml(ROOT, [writeXml('ApplicationList', account.applications.map(applicationXml))]));
}

/** Makes another application even when the name is taken. */
export function createApplication(account: BandwidthAccount, { text, path }: VendorRequest): VendorReply {
  const read = readApplication(readXml(text), null);
  if ('refused' in read) return read.refused;
  if (read.fields.ServiceType.startsWith('Voice') && !account.hasHttpVoice) {
    return statusError(ROOT, 409, 12220, 'HTTP voice feature is required');
  }
  const application = { ApplicationId: randomUUID(), ...read.fields };
  account.applications.push(application);
  const headers = { Location: `https://dashboard.bandwidth.com:443${path}/${application.ApplicationId}` };
  return xmlReply(201, single(application), headers);
}

export function readOneApplication(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const application = account.application(params.application);
  return application ? xmlReply(200, single(application)) : unknown(params.application);
}

/** PUT replaces the application, PATCH changes the fields that are given. */
export function updateApplication(account: BandwidthAccount, request: VendorRequest): VendorReply {
  const former = account.application(request.params.application);
  if (!former) return unknown(request.params.application);
  const read = readApplication(readXml(request.text), request.method === 'PATCH' ? former : null);
  if ('refused' in read) return read.refused;
  const application = { ApplicationId: former.ApplicationId, ...read.fields };
  account.applications[account.applications.indexOf(former)] = application;
  return xmlReply(200, single(application));
}

/** "An Application cannot be removed from an account if that Application is referenced by any Location." */
export function deleteApplication(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const application = account.application(params.application);
  if (!application) return unknown(params.application);
  const id = application.ApplicationId;
  const uses = [...account.sites.flatMap(({ peers }) => peers), ...account.packages];
  if (uses.some(({ application_id: used }) => used === id)) {
    return statusError(ROOT, 409, null, `Application with id '${id}' is in use`);
  }
  account.applications.splice(account.applications.indexOf(application), 1);
  return { status: 200, body: undefined };
}

/** `GET …/applications/{id}/associatedsippeers`: no body at all when there is none. */
export function associatedPeers(account: BandwidthAccount, { params }: VendorRequest): VendorReply {
  const application = account.application(params.application);
  if (!application) return unknown(params.application, 'AssociatedSipPeersResponse');
  const peers = account.sites.flatMap((site) =>
    site.peers
      .filter(({ application_id: used }) => used === application.ApplicationId)
      .map((peer) =>
        writeXml('AssociatedSipPeer', [
          writeXml('SiteId', site.id),
          writeXml('SiteName', site.name),
          writeXml('PeerId', peer.id),
          writeXml('PeerName', peer.name),
        ]),
      ),
  );
  return xmlReply(200, writeXml('AssociatedSipPeersResponse', [writeXml('AssociatedSipPeers', peers)]));
}

function single(application: BandwidthApplication): string {
  return writeXml(ROOT, [applicationXml(application)]);
}

function unknown(id: string | undefined, root = ROOT): VendorReply {
  return statusError(root, 404, 13629, `Application with id '${id}' not found`);
}
