import { setMaxListeners } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import express, { Express, NextFunction, Request, Response } from 'express';
import { adminRouter } from './core/admin.router';
import { BadInput, recordOf } from './core/input';
import { StateStore } from './core/state-store';
import { Vendor } from './core/vendor';
import { VendorControl } from './core/vendor-control';
import { vendorRouter } from './core/vendor.router';
import { createVendors, SimulatorSeed, VENDOR_NAMES, VendorName, Vendors } from './vendors';

/** Vendors whose paths nobody else's can be taken for, so that the bare URL will do for them as well. */
const AT_ROOT: readonly VendorName[] = ['twilio', 'san'];

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** 127.0.0.1 unless told otherwise. */
  host?: string;
  /** State is read from this file at the start and written to it on every change; without it, it lives in memory. */
  stateFile?: string;
  /** Added to what the state file held; what is there already keeps its state. */
  seed?: SimulatorSeed;
  /** Unix milliseconds; for tests that move time. */
  now?: () => number;
}

/** A running simulator, with each vendor's state under its name. */
export interface Simulator extends Vendors {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The base that replaces all hosts of a vendor: its paths follow behind. */
  vendorUrl(name: VendorName): string;
  /** That base for each vendor. */
  vendorUrls(): Record<VendorName, string>;
  readonly port: number;
  readonly control: Readonly<Record<VendorName, VendorControl>>;
  /**
   * Adds accounts and numbers; what exists keeps its state.
   * @throws BadInput when the seed contradicts itself or the state
   */
  seed(seed: SimulatorSeed): Promise<void>;
  /** Stops listening, drops what is still unanswered and writes the state file a last time. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for the vendors' REST APIs on one port.
 * @throws Error when the port is taken, the state file is unreadable or the seed contradicts itself
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now;
  const vendors = createVendors({ now });
  const control = Object.fromEntries(VENDOR_NAMES.map((name) => [name, new VendorControl({ now })])) as Record<
    VendorName,
    VendorControl
  >;
  const store = new StateStore(options.stateFile, () => snapshotOf(vendors));
  const persist = () => store.save();
  const seed = (input: unknown) => seedAll(vendors, input);

  const saved = store.load();
  if (saved !== undefined) seed(saved);
  if (options.seed !== undefined) seed(options.seed);

  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  const app = createApp();
  app.use('/_sim', adminRouter({ vendors, controls: control, seed, persist }));
  const serving = { now, persist, closing: closing.signal };
  for (const name of VENDOR_NAMES) {
    const mounted = (mount: string) => vendorRouter(vendors[name], control[name], { ...serving, mount });
    app.use(`/${name}`, mounted(`/${name}`));
    if (AT_ROOT.includes(name)) app.use(mounted(''));
  }
  app.use((req, res) => void res.status(404).json({ error: `no simulated vendor answers ${req.path}` }));
  app.use(onError);

  const server = createServer(app);
  // Longer than clients keep an idle connection, or they meet a reset that no vendor sent.
  server.keepAliveTimeout = 65_000;
  const port = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  await persist();

  const url = `http://${urlHost(options.host)}:${port}`;
  const vendorUrl = (name: VendorName) => `${url}/${name}`;
  return {
    ...vendors,
    url,
    vendorUrl,
    vendorUrls: () =>
      Object.fromEntries(VENDOR_NAMES.map((name) => [name, vendorUrl(name)])) as Record<VendorName, string>,
    port,
    control,
    async seed(additions) {
      seed(additions);
      await persist();
    },
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await persist();
    },
  };
}

function createApp(): Express {
  const app = express();
  // A 304 instead of a number's state would be Express speaking, not the vendor.
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(express.text({ type: () => true, limit: '32mb' }));
  return app;
}

function seedAll(vendors: Vendors, input: unknown): void {
  const given = recordOf(input, 'seed', VENDOR_NAMES);
  const parsed = Object.entries(given)
    .filter(([, seed]) => seed !== undefined)
    .map(([name, seed]) => {
      const vendor: Vendor<unknown> = vendors[name as VendorName];
      return { vendor, seed: vendor.parseSeed(seed) };
    });
  for (const { vendor, seed } of parsed) vendor.seed(seed);
}

function snapshotOf(vendors: Vendors): unknown {
  return Object.fromEntries(VENDOR_NAMES.map((name) => [name, vendors[name].snapshot()]));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function urlHost(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Express recognises an error handler by its four parameters. */
function onError(error: unknown, _req: Request, res: Response, _next: NextFunction): void {
  if (error instanceof BadInput) {
    res.status(400).json({ error: error.message });
    return;
  }
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) process.stderr.write(`simulator: ${error instanceof Error ? error.stack : String(error)}\n`);
  res.status(status).json({ error: error instanceof Error ? error.message : 'the simulator failed' });
}
