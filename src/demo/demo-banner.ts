import type { DemoAccount } from './demo';
import type { DemoRequest } from './demo-request';

export interface Banner extends DemoAccount {
  /** Where this process listens, without a trailing slash. */
  readonly url: string;
  /** Where the simulated providers are. */
  readonly simulatorUrl: string;
}

/** A value inside single quotes of a POSIX shell. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** One line for a POSIX shell that attaches a number. */
export function curlLine({ url, token, request }: Banner & { request: DemoRequest }): string {
  return [
    'curl -sS -X POST',
    `${url}/api/agent/attach-phone-number`,
    `-H ${quoted(`token: ${token}`)}`,
    `-H ${quoted('content-type: application/json')}`,
    `-d ${quoted(JSON.stringify(request))}`,
  ].join(' ');
}

/** What the demo shows on the terminal once it is ready. */
export function bannerText(banner: Banner): string {
  const { url, simulatorUrl, token, request } = banner;
  const attach = request
    ? `Attach a phone number to the agent:\n\n${curlLine({ ...banner, request })}`
    : 'No phone number is left to attach; register one with POST /api/phone-number.';
  return `
Patchbay is running in demo mode: the providers are simulated and nothing leaves this machine.

  Swagger UI   ${url}/docs
  Token        ${token}
  Providers    ${simulatorUrl}/_sim/state shows where each number's calls go

${attach}

`;
}
