/** What is told apart only by the path: the unversioned and the first API write ten digits, the second E.164. */
export type ApiVersion = 'v1' | 'v2';

/** Rights of the credentials. One that is missing is a 403, at the Numbers API with an empty body. */
export const BANDWIDTH_ROLES = ['numbers', 'inservice', 'voice', 'vcp'] as const;
export type BandwidthRole = (typeof BANDWIDTH_ROLES)[number];

/** `universal` has voice configuration packages; at a `legacy` account sites and SIP peers decide alone. */
export const ACCOUNT_KINDS = ['universal', 'legacy'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export interface BandwidthNumber {
  /** E.164. */
  number: string;
  /** `Inservice`, `InAccount`, `Aging`, `PortInPendingFoc`, … */
  status: string;
  /** The SIP peer ("location") that the number is in. */
  peer_id: string;
  /** The voice configuration package, at universal accounts. */
  vcp_id: string | null;
  /** Whether calls to the number are let through, at universal accounts. */
  inbound_activated: boolean;
}

export interface SipPeer {
  /** Digits. */
  id: string;
  name: string;
  is_default: boolean;
  voice_protocol: 'SIP' | 'HTTP';
  /** `HttpVoiceV2AppId`; only with HTTP. */
  application_id: string | null;
  /** Gone for good once the protocol becomes HTTP. */
  voice_hosts: string[];
}

export interface Site {
  /** Digits. */
  id: string;
  name: string;
  description: string;
  peers: SipPeer[];
}

export interface VoicePackage {
  id: string;
  name: string;
  description: string | null;
  application_id: string | null;
  /** Where calls go by SIP when the package has no application. */
  sip_endpoint: string | null;
}

/** An order that is carried out later: a move of numbers, or the (de)activation of their inbound service. */
export interface BandwidthOrder {
  id: string;
  kind: 'move' | 'activation';
  customer_order_id: string | null;
  /** Unix milliseconds. */
  created_at: number;
  /** How often it is still read as being processed. */
  polls_left: number;
  numbers: string[];
  /** Of a move. */
  site_id: string | null;
  peer_id: string | null;
  /** Of an activation. */
  activate: boolean | null;
  /** `null` until it has been carried out. */
  result: { done: string[]; failed: string[] } | null;
}

/** What a call to a number would do. */
export type VoiceTarget =
  | { kind: 'application'; via: string; application_id: string; url: string | null; status_url: string | null }
  | { kind: 'sip'; via: string }
  | { kind: 'none'; via: string };
