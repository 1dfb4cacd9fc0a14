import { VendorReply, VendorRequest } from '../core/vendor';
import { jsonBody, ok } from './telnyx.access';
import { TelnyxAccount } from './telnyx.account';
import { applicationResource, parseApplicationBody, TexmlApplication } from './telnyx.application';
import { TelnyxError } from './telnyx.errors';
import { pageReply, sorted } from './telnyx.page';

const SHORTEST_FILTER = 3;

/** https://developers.telnyx.com/api-reference/texml-applications and the list of outbound voice profiles. */
export class TelnyxApplications {
  constructor(private readonly now: () => number) {}

  list(account: TelnyxAccount, { query }: VendorRequest): VendorReply {
    const name = query.get('filter[friendly_name]')?.toLowerCase();
    const profile = query.get('filter[outbound_voice_profile_id]');
    if (name && name.length < SHORTEST_FILTER) throw new TelnyxError(10015, '/filter[friendly_name]');
    const wanted = [...account.applications.values()].filter(
      (application) =>
        (!name || application.friendly_name.toLowerCase().includes(name)) &&
        (!profile || application.outbound_voice_profile_id === profile),
    );
    const applications = sorted(wanted, query.get('sort'), (application, member) =>
      member === 'friendly_name' ? application.friendly_name : undefined,
    );
    return pageReply(applications, query, applicationResource);
  }

  create(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const changes = this.changes(account, request);
    return ok(applicationResource(account.createApplication(changes, this.now())), 201);
  }

  read(account: TelnyxAccount, request: VendorRequest): VendorReply {
    return ok(applicationResource(applicationOf(account, request)));
  }

  update(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const application = applicationOf(account, request);
    Object.assign(application, this.changes(account, request), { updated_at: new Date(this.now()).toISOString() });
    return ok(applicationResource(application));
  }

  delete(account: TelnyxAccount, request: VendorRequest): VendorReply {
    const application = applicationOf(account, request);
    account.deleteApplication(application.id);
    return ok(applicationResource(application));
  }

  listProfiles(account: TelnyxAccount, { query }: VendorRequest): VendorReply {
    const name = query.get('filter[name][contains]')?.toLowerCase();
    const wanted = [...account.profiles.values()].filter((one) => !name || one.name.toLowerCase().includes(name));
    const profiles = sorted(wanted, query.get('sort'), (one, member) => (member === 'name' ? one.name : undefined));
    return pageReply(profiles, query, ({ id, name: title, enabled, created_at }) => ({
      record_type: 'outbound_voice_profile',
      id,
      name: title,
      enabled,
      connections_count: [...account.applications.values()].filter((one) => one.outbound_voice_profile_id === id)
        .length,
      traffic_type: 'conversational',
      service_plan: 'global',
      usage_payment_method: 'rate-deck',
      concurrent_call_limit: null,
      whitelisted_destinations: ['US', 'CA'],
      tags: [],
      billing_group_id: null,
      created_at,
      updated_at: created_at,
    }));
  }

  private changes(account: TelnyxAccount, request: VendorRequest): ReturnType<typeof parseApplicationBody> {
    return parseApplicationBody(jsonBody(request), (id) => account.profiles.has(id));
  }
}

function applicationOf(account: TelnyxAccount, { params }: VendorRequest): TexmlApplication {
  const application = account.applications.get(params.id ?? '');
  if (!application) throw new TelnyxError(10005);
  return application;
}
