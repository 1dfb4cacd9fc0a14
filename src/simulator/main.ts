import { parseArgs } from 'node:util';
import { DEMO_SAN, DEMO_SEED, DEMO_TWILIO } from './demo-seed';
import { startSimulator } from './simulator';

const DEFAULT_PORT = '4010';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      'state-file': { type: 'string' },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) throw new Error('--port wants 0 to 65535');

  const simulator = await startSimulator({
    port: Number(values.port),
    stateFile: values['state-file'],
    seed: DEMO_SEED,
  });
  process.stdout.write(
    [
      `simulator listens on ${simulator.url}`,
      `  PROVIDER_TWILIO_URL=${simulator.url}  account ${DEMO_TWILIO.sid}  auth token ${DEMO_TWILIO.auth_token}`,
      `  San base URL ${simulator.url}/pbxadmin/sanpbxapi  access token ${DEMO_SAN.access_token}  access key ${DEMO_SAN.access_key}`,
      `  state: ${simulator.url}/_sim/state`,
      '',
    ].join('\n'),
  );

  const stop = () => void simulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
