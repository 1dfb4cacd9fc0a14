import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateStore } from './state-store';

describe('StateStore', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('acknowledges a save only when what was there at the call is on disk', async () => {
    const file = join(folder, 'deep', 'state.json');
    let revision = 0;
    const store = new StateStore(file, () => ({ revision }));
    const seen = await Promise.all(
      Array.from({ length: 20 }, async () => {
        revision += 1;
        const mine = revision;
        await store.save();
        return { mine, written: (JSON.parse(readFileSync(file, 'utf8')) as { revision: number }).revision };
      }),
    );
    for (const { mine, written } of seen) expect(written).toBeGreaterThanOrEqual(mine);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
    expect(store.load()).toEqual({ revision: 20 });
  });

  it('shares a write among the calls that wait for it', async () => {
    let snapshots = 0;
    const store = new StateStore(join(folder, 'state.json'), () => (snapshots += 1));
    const first = store.save();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, ...Array.from({ length: 50 }, () => store.save())]);
    expect(snapshots).toBeLessThanOrEqual(2);
  });

  it('reports a failed write and works again after it', async () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const store = new StateStore(join(blocked, 'state.json'), () => 1);
    await expect(store.save()).rejects.toThrow();
    rmSync(blocked);
    await store.save();
    expect(store.load()).toBe(1);
  });

  it('has nothing to load at first, and refuses a file that is not JSON', () => {
    const file = join(folder, 'state.json');
    expect(new StateStore(file, () => 1).load()).toBeUndefined();
    writeFileSync(file, '{"half');
    expect(() => new StateStore(file, () => 1).load()).toThrow(file);
  });

  it('writes nothing when no file is named', async () => {
    const store = new StateStore(undefined, () => {
      throw new Error('must not be asked');
    });
    await store.save();
    expect(store.load()).toBeUndefined();
  });
});
