import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Beside the members that matter; Twilio's own items are as large. */
const FILLER_LENGTH = 900;
const FIRST = 12_020_000_000;

/**
 * Answers Twilio's list of numbers, made up page by page, so that the numbers of a large account take no memory here
 * and hardly any time. Members as in https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export class EndlessTwilio {
  /** How many numbers it holds. */
  count = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => this.answer(new URL(request.url ?? '', 'http://twilio'), response));
  }

  static async start(): Promise<EndlessTwilio> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EndlessTwilio(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private answer({ pathname, searchParams }: URL, response: ServerResponse): void {
    const size = Number(searchParams.get('PageSize'));
    const start = Number(searchParams.get('PageToken') ?? 0);
    const end = Math.min(start + size, this.count);
    const items = Array.from({ length: Math.max(0, end - start) }, (_, index) => item(start + index));
    const next = end < this.count ? `"${pathname}?PageSize=${size}&PageToken=${end}"` : 'null';
    response.setHeader('Content-Type', 'application/json');
    response.end(`{"incoming_phone_numbers":[${items.join()}],"next_page_uri":${next}}`);
  }
}

function item(index: number): string {
  const filler = String(index).padEnd(FILLER_LENGTH, '.');
  return `{"sid":"PN${String(index).padStart(32, '0')}","phone_number":"+${FIRST + index}","friendly_name":"${filler}"}`;
}
