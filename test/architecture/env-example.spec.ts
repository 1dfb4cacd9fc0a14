import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENV_NAMES } from '../../src/config/env';
import { loadConfig } from '../../src/config/load-config';
import { PROVIDER_URL_VARIABLES } from '../../src/config/provider-urls';

const lines = readFileSync(join(__dirname, '../../.env.example'), 'utf8').split('\n');
const ASSIGNMENT = /^# ([A-Z][A-Z_]*)=(.*)$/;

interface Example {
  readonly name: string;
  readonly value: string;
  readonly comment: string;
}

/** The assignments with the comment above them; those that follow one another share it. */
function readExamples(): Example[] {
  const examples: Example[] = [];
  let comment: string[] = [];
  let assigned = false;
  for (const line of lines) {
    const [, name, value] = ASSIGNMENT.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      examples.push({ name, value, comment: comment.join(' ') });
      assigned = true;
    } else {
      if (assigned || line === '') comment = [];
      assigned = false;
      if (line !== '') comment.push(line);
    }
  }
  return examples;
}

const examples = readExamples();
/** One stands for those of all providers. */
const PROVIDER_URL = 'PROVIDER_TWILIO_URL';
const codeNames = [...ENV_NAMES, PROVIDER_URL];
const WITHOUT_DEFAULT = ['SECRETS_KEY', 'SECRETS_KEYS_OLD', 'MEDIA_URL', PROVIDER_URL];

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'patchbay-env-example-'));
});

afterAll(() => {
  rmSync(cwd, { recursive: true });
});

it('names every variable that the code reads, once, and no other', () => {
  expect(examples.map(({ name }) => name).sort()).toEqual([...codeNames].sort());
});

it('shows the variable of one provider for all', () => {
  expect(Object.values(PROVIDER_URL_VARIABLES)).toContain(PROVIDER_URL);
});

it('holds nothing but comments, so that a copy changes nothing', () => {
  expect(lines.filter((line) => line !== '' && !line.startsWith('# '))).toEqual([]);
});

it.each(examples)('says what $name is', ({ comment }) => {
  expect(comment.length).toBeGreaterThan(20);
});

it('leaves blank what has no default, and only that', () => {
  const blank = examples.filter(({ value }) => value === '').map(({ name }) => name);
  expect(blank.sort()).toEqual([...WITHOUT_DEFAULT].sort());
});

it.each(examples)('gives the default of the code for $name', ({ name, value }) => {
  // The demo follows from DATABASE_URL being unset, so it is held still while that line is tried.
  const rest = name === 'DATABASE_URL' ? { DEMO: 'on' } : {};
  expect(loadConfig({ ...rest, [name]: value }, cwd)).toEqual(loadConfig({}, cwd));
});
