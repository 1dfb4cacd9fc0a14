import { parseArgs } from 'node:util';
import { DEMO_SEED, demoAccount } from './demo-seed';
import { type Simulator, startSimulator } from './simulator';
import { VENDOR_NAMES } from './vendors';

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
  process.stdout.write(greeting(simulator));

  const stop = () => void simulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** How to lead Patchbay here, and which credentials are known. */
function greeting(simulator: Simulator): string {
  const vendors = VENDOR_NAMES.map((name) => {
    const credentials = JSON.stringify(demoAccount(name).credentials);
    return `  PROVIDER_${name.toUpperCase()}_URL=${simulator.vendorUrl(name)}\n    ${credentials}\n`;
  });
  return `simulator listens on ${simulator.url}\n${vendors.join('')}  state: ${simulator.url}/_sim/state\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
