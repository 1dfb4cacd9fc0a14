/** Lines that the guide has somebody add to a file, between lines that are there. */
export interface ShownAddition {
  /** From the checkout's root. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const DIFF = /^```diff\n\+\+\+ (\S+)\n(.*?)^```$/gms;

/** What the guide's diffs add, hunk by hunk, in their order. @throws Error where one takes a line away */
export function shownAdditions(guide: string): ShownAddition[] {
  return [...guide.matchAll(DIFF)].flatMap(([, path = '', diff = '']) =>
    diff.split(/^@@\n/m).map((hunk) => additionOf(path, hunk)),
  );
}

/** The names in the first column of the guide's table of files. */
export function listedFiles(guide: string): string[] {
  return [...guide.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
}

/** @throws Error unless the lines around the addition are there, once */
export function withAddition(text: string, { path, before, after }: ShownAddition): string {
  const places = text.split(before).length - 1;
  if (places !== 1) throw new Error(`The guide's place in ${path} is there ${places} times:\n${before}`);
  return text.replace(before, () => after);
}

function additionOf(path: string, hunk: string): ShownAddition {
  const lines = hunk.replace(/\n$/, '').split('\n');
  const odd = lines.find((line) => !/^[ +]/.test(line));
  if (odd !== undefined) throw new Error(`The guide's diff of ${path} has the line "${odd}"`);
  const textOf = (some: readonly string[]) => some.map((line) => `${line.slice(1)}\n`).join('');
  return { path, before: textOf(lines.filter((line) => line.startsWith(' '))), after: textOf(lines) };
}
