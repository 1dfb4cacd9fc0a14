import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** The header lines, as they came. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Sends bytes that no HTTP client would let through, and reads the one answer until the server closes. */
export function exchangeRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.once('error', reject);
    socket.once('close', () => {
      const [head = '', ...rest] = answer.split('\r\n\r\n');
      const [statusLine = '', ...headers] = head.split('\r\n');
      resolve({ status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') });
    });
  });
}
