import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/config';

const SECRET_MEMBERS = ['token', 'api_access_token', 'authorization', 'cookie'];
const SECRET_PATHS = SECRET_MEMBERS.flatMap((name) => [name, `headers.${name}`, `req.headers.${name}`]);

/** The process's logger: JSON lines on standard output, or lines for people. `destination` is for tests. */
export function createLogger({ level, format }: Config['log'], destination?: DestinationStream): Logger {
  const options = { level, redact: { paths: SECRET_PATHS, censor: '***' } };
  if (destination) return pino(options, destination);
  if (format === 'json') return pino(options);
  return pino({ ...options, transport: { target: 'pino-pretty', options: { singleLine: true } } });
}
