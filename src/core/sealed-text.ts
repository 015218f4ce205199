import { fingerprint } from './fingerprint.ts';

const seal = /^# sixgate ([0-9a-f]{8}): /m;

/** Puts a line below the first one that says whose the file is, and by which it shows whether somebody changed it. */
export function sealText(text: string): string {
  const [first, ...rest] = text.split('\n');
  const line = `# sixgate ${fingerprint(text)}: "sixgate xen install" wrote this file, "sixgate xen uninstall" removes it.`;
  return [first, line, ...rest].join('\n');
}

/** Whose a file is: written by us and as it was, written by us and changed since, or of somebody else. */
export function judgeSeal(text: string): 'ours' | 'changed' | 'foreign' {
  const found = seal.exec(text)?.[1];
  if (found === undefined) return 'foreign';
  const lines = text.split('\n');
  const [first, ...rest] = lines.filter((line) => !seal.test(line));
  return fingerprint([first, ...rest].join('\n')) === found ? 'ours' : 'changed';
}
