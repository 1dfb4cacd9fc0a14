import { TelnyxError } from './telnyx.errors';
import { TexmlApplicationSeed } from './telnyx.seed';

type Method = 'get' | 'post';

/** A TeXML application, named as on the wire: https://developers.telnyx.com/api-reference/texml-applications */
export interface TexmlApplication {
  readonly id: string;
  readonly created_at: string;
  updated_at: string;
  friendly_name: string;
  active: boolean;
  voice_url: string;
  voice_method: Method;
  voice_fallback_url: string;
  status_callback: string;
  status_callback_method: Method;
  outbound_voice_profile_id: string | null;
}

const MAX_URL = 2000;
const URLS = ['voice_url', 'voice_fallback_url', 'status_callback'] as const;
const METHODS = ['voice_method', 'status_callback_method'] as const;

export function newApplication(seed: TexmlApplicationSeed, nowMs: number): TexmlApplication {
  const now = new Date(nowMs).toISOString();
  return {
    active: true,
    voice_method: 'post',
    voice_fallback_url: '',
    status_callback: '',
    status_callback_method: 'post',
    outbound_voice_profile_id: null,
    ...seed,
    created_at: seed.created_at ?? now,
    updated_at: seed.updated_at ?? now,
  };
}

export function applicationSeed(application: TexmlApplication): TexmlApplicationSeed {
  return {
    id: application.id,
    friendly_name: application.friendly_name,
    voice_url: application.voice_url,
    voice_method: application.voice_method,
    voice_fallback_url: application.voice_fallback_url,
    status_callback: application.status_callback,
    status_callback_method: application.status_callback_method,
    active: application.active,
    outbound_voice_profile_id: application.outbound_voice_profile_id,
    created_at: application.created_at,
    updated_at: application.updated_at,
  };
}

/**
 * What a body sets, for a new application and for an update, which both require name and URL. Members left out stay.
 * @throws TelnyxError
 */
export function parseApplicationBody(
  body: Readonly<Record<string, unknown>>,
  hasProfile: (id: string) => boolean,
): Pick<TexmlApplication, 'friendly_name' | 'voice_url'> & Partial<TexmlApplication> {
  const name = body.friendly_name;
  if (typeof name !== 'string' || name === '') throw new TelnyxError(10004, '/friendly_name');
  if (typeof body.voice_url !== 'string' || body.voice_url === '') throw new TelnyxError(10004, '/voice_url');
  const changes: Pick<TexmlApplication, 'friendly_name' | 'voice_url'> & Partial<TexmlApplication> = {
    friendly_name: name,
    voice_url: body.voice_url,
  };
  for (const member of URLS) {
    const url = body[member];
    if (url === undefined) continue;
    changes[member] = url === null ? '' : urlOf(url, `/${member}`);
  }
  for (const member of METHODS) {
    const method = body[member];
    if (method === undefined) continue;
    if (method !== 'get' && method !== 'post') throw new TelnyxError(10015, `/${member}`);
    changes[member] = method;
  }
  if (body.active !== undefined) {
    if (typeof body.active !== 'boolean') throw new TelnyxError(10015, '/active');
    changes.active = body.active;
  }
  const profile = profileIn(body.outbound);
  if (profile !== undefined) {
    if (profile !== null && !hasProfile(profile)) throw new TelnyxError(10017, '/outbound/outbound_voice_profile_id');
    changes.outbound_voice_profile_id = profile;
  }
  return changes;
}

function urlOf(value: unknown, pointer: string): string {
  const isUrl = typeof value === 'string' && (value === '' || (/^https?:\/\//i.test(value) && URL.canParse(value)));
  if (!isUrl || value.length > MAX_URL) throw new TelnyxError(10003, pointer);
  return value;
}

function profileIn(outbound: unknown): string | null | undefined {
  if (outbound === undefined || outbound === null) return undefined;
  if (typeof outbound !== 'object') throw new TelnyxError(10015, '/outbound');
  const id = 'outbound_voice_profile_id' in outbound ? outbound.outbound_voice_profile_id : undefined;
  if (id === undefined || id === null) return id;
  if (typeof id !== 'string') throw new TelnyxError(10015, '/outbound/outbound_voice_profile_id');
  return id === '' ? null : id;
}

export function applicationResource(application: TexmlApplication): Record<string, unknown> {
  const { outbound_voice_profile_id: profile, ...members } = application;
  return {
    record_type: 'texml_application',
    ...members,
    anchorsite_override: 'Latency',
    call_cost_in_webhooks: false,
    dtmf_type: 'RFC 2833',
    first_command_timeout: true,
    first_command_timeout_secs: 30,
    tags: [],
    inbound: {
      channel_limit: null,
      shaken_stir_enabled: false,
      sip_subdomain: null,
      sip_subdomain_receive_settings: 'only_my_connections',
    },
    outbound: { channel_limit: null, outbound_voice_profile_id: profile },
  };
}
