// Builds when a source file is newer than the last build, so that `npm start` runs what is on disk.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stamp = join('dist', '.built');

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

if (process.argv.includes('--stamp')) {
  writeFileSync(stamp, '');
} else if (existsSync('src') && existsSync('node_modules/@nestjs/cli')) {
  const inputs = ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (Math.max(...inputs.map(newest)) > builtAt) {
    process.stderr.write('Building Patchbay ...\n');
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 2, 2] });
    process.exit(status ?? 1);
  }
}
