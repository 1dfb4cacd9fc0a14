import { dirname, join } from 'node:path';
import type { Config } from '../config/config';
import { DEMO_SEED } from '../simulator/demo-seed';
import { type Simulator, startSimulator } from '../simulator/simulator';

export interface DemoEnvironment {
  /** The configuration with the simulator in the vendors' place. */
  readonly config: Config;
  readonly simulator: Simulator;
}

/** The folder of the demo's files: that of the SQLite database. */
export function demoFolder(config: Config): string {
  return config.database.kind === 'sqlite' && config.database.path !== ':memory:'
    ? dirname(config.database.path)
    : 'data';
}

/** Starts the vendors' stand-in, which keeps its state in a file, so that a restarted demo finds its routes again. */
export async function startDemoEnvironment(config: Config): Promise<DemoEnvironment> {
  const stateFile = join(demoFolder(config), 'simulator.json');
  const simulator = await startSimulator({ stateFile, seed: DEMO_SEED });
  const providerUrls = { ...simulator.vendorUrls(), ...config.providerUrls };
  return { config: { ...config, providerUrls }, simulator };
}
