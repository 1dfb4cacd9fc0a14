import { CallForwarding, digitId, NumberStatus, TelnyxNumberSeed } from './telnyx.seed';

/** What Telnyx remembers of one phone number, named as on the wire. */
export interface TelnyxNumber {
  readonly id: string;
  readonly phone_number: string;
  readonly status: NumberStatus;
  readonly country_iso_alpha2: string;
  /** ISO 8601. */
  readonly created_at: string;
  updated_at: string;
  connection_id: string | null;
  /** What is shown and used until this time (Unix milliseconds), while a change makes its way; not part of the seed. */
  before: { readonly connection_id: string | null; readonly until: number } | null;
  customer_reference: string | null;
  billing_group_id: string | null;
  tags: string[];
  call_forwarding: CallForwarding;
  translated_number: string;
}

export function newNumber(accountSid: string, seed: TelnyxNumberSeed, nowMs: number): TelnyxNumber {
  const now = new Date(nowMs).toISOString();
  return {
    id: seed.id ?? digitId(accountSid, seed.phone_number),
    phone_number: seed.phone_number,
    status: seed.status ?? 'active',
    country_iso_alpha2: seed.country_iso_alpha2 ?? 'US',
    created_at: seed.created_at ?? now,
    updated_at: seed.updated_at ?? now,
    connection_id: seed.connection_id ?? null,
    before: null,
    customer_reference: seed.customer_reference ?? null,
    billing_group_id: null,
    tags: [...(seed.tags ?? [])],
    call_forwarding: { ...(seed.call_forwarding ?? NOT_FORWARDED) },
    translated_number: seed.translated_number ?? '',
  };
}

/** Enabled "for backwards compatibility", which does nothing without a number and a type. */
const NOT_FORWARDED: CallForwarding = { call_forwarding_enabled: true, forwards_to: '', forwarding_type: '' };

export function numberSeed(number: TelnyxNumber): TelnyxNumberSeed {
  const { id, phone_number, status, country_iso_alpha2, connection_id, customer_reference } = number;
  return {
    id,
    phone_number,
    status,
    country_iso_alpha2,
    connection_id,
    customer_reference,
    tags: number.tags,
    call_forwarding: number.call_forwarding,
    translated_number: number.translated_number,
    created_at: number.created_at,
    updated_at: number.updated_at,
  };
}

/** The connection that calls use and readers see at this moment. */
export function connectionAt({ before, connection_id: latest }: TelnyxNumber, nowMs: number): string | null {
  return before !== null && nowMs < before.until ? before.connection_id : latest;
}

/** Where calls are forwarded whatever the connection says. `on-failure` lets the connection try first. */
export function forwardedTo({ call_forwarding: forwarding }: TelnyxNumber): string | null {
  const isForwarded = forwarding.call_forwarding_enabled && forwarding.forwarding_type === 'always';
  return isForwarded && forwarding.forwards_to !== '' ? forwarding.forwards_to : null;
}

/** https://developers.telnyx.com/api-reference/phone-number-configurations/retrieve-a-phone-number */
export function numberResource(
  number: TelnyxNumber,
  connection: { readonly id: string; readonly name: string } | null,
): Record<string, unknown> {
  return {
    record_type: 'phone_number',
    id: number.id,
    phone_number: number.phone_number,
    country_iso_alpha2: number.country_iso_alpha2,
    status: number.status,
    tags: number.tags,
    external_pin: null,
    connection_id: connection?.id ?? null,
    connection_name: connection?.name ?? null,
    customer_reference: number.customer_reference,
    messaging_profile_id: null,
    messaging_profile_name: null,
    messaging_campaign_id: null,
    billing_group_id: number.billing_group_id,
    emergency_enabled: false,
    emergency_address_id: null,
    emergency_status: 'disabled',
    call_forwarding_enabled: number.call_forwarding.call_forwarding_enabled,
    cnam_listing_enabled: false,
    caller_id_name_enabled: false,
    call_recording_enabled: false,
    t38_fax_gateway_enabled: false,
    hd_voice_enabled: false,
    inbound_call_screening: 'disabled',
    phone_number_type: 'local',
    source_type: 'number_order',
    deletion_lock_enabled: false,
    purchased_at: number.created_at,
    activated_at: number.status === 'active' ? number.created_at : null,
    created_at: number.created_at,
    updated_at: number.updated_at,
  };
}

/** https://developers.telnyx.com/api-reference/phone-number-configurations/retrieve-a-phone-number-with-voice-settings */
export function voiceResource(number: TelnyxNumber, connectionId: string | null): Record<string, unknown> {
  return {
    record_type: 'voice_settings',
    id: number.id,
    phone_number: number.phone_number,
    connection_id: connectionId,
    customer_reference: number.customer_reference,
    tech_prefix_enabled: false,
    translated_number: number.translated_number,
    call_forwarding: number.call_forwarding,
    cnam_listing: { cnam_listing_enabled: false, cnam_listing_details: '' },
    usage_payment_method: 'pay-per-minute',
    media_features: {
      rtp_auto_adjust_enabled: true,
      accept_any_rtp_packets_enabled: false,
      t38_fax_gateway_enabled: false,
    },
    call_recording: {
      inbound_call_recording_enabled: false,
      inbound_call_recording_format: 'mp3',
      inbound_call_recording_channels: 'single',
    },
    emergency: { emergency_enabled: false, emergency_address_id: '', emergency_status: 'disabled' },
    inbound_call_screening: 'disabled',
    caller_id_name_enabled: false,
  };
}
