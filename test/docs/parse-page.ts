import { masks } from './match-shown.ts';
import type { Page, Shown, Step } from './page.ts';

interface Block {
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

/**
 * Reads the marks of a page: test/docs/README.md says which there are. A fenced block without one is a fault, so that no
 * command and no output stands in a guide that nothing runs.
 */
export function parsePage(path: string, markdown: string): Page {
  const steps: Step[] = [];
  const faults: string[] = [];
  let stage: Page['stage'];
  for (const found of findBlocks(markdown)) {
    const fault = (what: string): void => void faults.push(`${path}:${found.line}: ${what}`);
    if ('comment' in found) {
      const [, kind, rest = ''] = /^(stage|lab): (.*)$/.exec(found.comment) ?? [];
      const words = rest.trim().split(/\s+/);
      if (kind === 'lab') steps.push({ line: found.line, do: 'act', words });
      if (kind === 'stage') stage = { name: words[0]!, settings: settingsOf(words.slice(1)) };
      continue;
    }
    const step = readBlock(found, steps.at(-1), fault);
    if (step === undefined) continue;
    // The mark itself is nothing that a reader sees.
    if (step.do === 'write' && !proseBefore(markdown, found.line).includes(step.path)) {
      fault(`the paragraph before it does not say that this is ${step.path}`);
    }
    if ('shown' in step && found.info.split(/\s+/)[1] === 'out') steps[steps.length - 1] = step;
    else steps.push(step);
  }
  if (stage === undefined && steps.length > 0) faults.push(`${path}:1: it has commands and no <!-- stage: NAME -->`);
  return { path, stage, steps, faults };
}

function readBlock(block: Block, before: Step | undefined, fault: (what: string) => void): Step | undefined {
  const [language = '', ...marks] = block.info.split(/\s+/).filter((word) => word !== '');
  const { line, text } = block;
  const settings = settingsOf(marks);
  const on = settings['on'];
  const allowed = (...keys: readonly string[]): void => {
    for (const key of Object.keys(settings)) if (!keys.includes(key)) fault(`"${key}" means nothing here`);
  };
  if ('drawing' in settings) {
    allowed('drawing');
    if (/^\s*[#$]?\s*(?:sudo )?(?:sixgate|ip|nft|ip6?tables|systemctl|apt|conntrack|ping) [a-z-]/m.test(text))
      fault('a command is no drawing');
    return undefined;
  }
  if (settings['elsewhere'] !== undefined) {
    allowed('elsewhere');
    return { line, do: 'elsewhere', place: settings['elsewhere'] };
  }
  if ('out' in settings) {
    allowed('out', 'vary');
    if (marks[0] !== 'out') fault('"out" comes first');
    if (before?.do !== 'run' || before.shown) {
      fault('this output follows no command');
      return undefined;
    }
    return { ...before, shown: readShown(line, text, settings['vary'], fault) };
  }
  if ('install' in settings) {
    allowed('install');
    const packages = /^apt install ([a-z0-9+. -]+)\n$/.exec(text)?.[1]?.split(' ');
    if (!packages) fault('"install" is for one line: apt install NAME...');
    return { line, do: 'install', packages: packages ?? [] };
  }
  if (on === undefined) {
    fault(
      `a block of ${language || 'text'} without a mark: on=NODE, file=PATH on=NODE, out, install, elsewhere=TEST or drawing`,
    );
    return undefined;
  }
  if (settings['file'] !== undefined) {
    allowed('on', 'file');
    return { line, do: 'write', on, path: settings['file'], text };
  }
  if (language !== 'sh') fault(`only sh can be run, not ${language || 'text'}`);
  if ('start' in settings) {
    allowed('on', 'start');
    return { line, do: 'start', on, text };
  }
  allowed('on', 'exit', 'wait');
  return { line, do: 'run', on, text, exit: Number(settings['exit'] ?? 0), wait: 'wait' in settings, shown: undefined };
}

/** The paragraph that ends above a line. */
function proseBefore(markdown: string, line: number): string {
  const above = markdown.split('\n').slice(0, line - 1);
  return above.join('\n').trimEnd().split('\n\n').at(-1) ?? '';
}

function readShown(line: number, text: string, vary: string | undefined, fault: (what: string) => void): Shown {
  const kinds = vary?.split(',') ?? [];
  for (const kind of kinds) if (!(kind in masks)) fault(`nothing is called "${kind}" that could vary`);
  return { line, text, vary: kinds };
}

function settingsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/** Fenced blocks, also those within lists, and comments that stand on a line of their own. */
function findBlocks(markdown: string): (Block | { readonly line: number; readonly comment: string })[] {
  const found: (Block | { line: number; comment: string })[] = [];
  let open: { line: number; info: string; fence: string; indent: string; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open) {
      if (line.trim() === open.fence) {
        found.push({ line: open.line, info: open.info, text: open.lines.map((each) => `${each}\n`).join('') });
        open = undefined;
      } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
      continue;
    }
    const [, indent = '', fence, info = ''] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(line) ?? [];
    if (fence) open = { line: index + 1, info, fence, indent, lines: [] };
    const comment = /^\s*<!-- (.*) -->$/.exec(line)?.[1];
    if (comment) found.push({ line: index + 1, comment });
  }
  return found;
}
