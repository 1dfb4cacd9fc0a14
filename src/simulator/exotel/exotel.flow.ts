/** Where an account's API is: https://api.exotel.com (Singapore) or https://api.in.exotel.com (Mumbai). */
export const EXOTEL_REGIONS = ['singapore', 'mumbai'] as const;
export type ExotelRegion = (typeof EXOTEL_REGIONS)[number];

/** A flow that the customer has built in App Bazaar, where no API reaches: a Voicebot applet and what follows it. */
export interface ExotelFlow {
  /** Digits. */
  app_id: string;
  /** What the applet asks for the WebSocket's URL, or the WebSocket itself; `null` while the customer has set nothing. */
  dynamic_url: string | null;
  /** Told of the end of incoming calls. */
  status_callback: string | null;
}

const HOSTS: Readonly<Record<ExotelRegion, string>> = {
  singapore: 'http://my.exotel.com',
  mumbai: 'https://my.mum1.exotel.com',
};

/** The flow's URL as Exotel shows it for a number, with the host of the account's region whatever host was sent. */
export function flowUrl(region: ExotelRegion, accountSid: string, appId: string): string {
  return `${HOSTS[region]}/${accountSid}/exoml/start_voice/${appId}`;
}

/** The `app_id` in a URL of one of the account's flows; `undefined` for any other URL, such as a customer's own. */
export function appIdOf(url: string, accountSid: string): string | undefined {
  const [, sid, appId] =
    /^https?:\/\/my(?:\.[a-z0-9]+)?\.exotel\.(?:com|in)\/([^/]+)\/exoml\/start_voice\/(\d+)$/.exec(url) ?? [];
  return sid === accountSid ? appId : undefined;
}
