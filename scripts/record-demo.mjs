/**
 * Runs the demo and makes docs/demo.svg of what it printed, line by line as it came; root only, since the demo is.
 *
 *   node scripts/record-demo.mjs [--from FILE]     FILE: lines of "MILLISECONDS TEXT" instead of a run
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rows = 30;
const size = { line: 17, left: 18, top: 46, width: 1040 };
/** Nobody wants to watch waiting. */
const longestPause = 900;

/** @typedef {{ at: number, text: string }} Line */

/** @returns {Promise<Line[]>} */
async function record() {
  const child = spawn(join(root, 'demo'), ['--fast'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const start = performance.now();
  const lines = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push({ at: Math.round(performance.now() - start), text: part });
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  while (lines.at(-1)?.text === '') lines.pop();
  if (code !== 0) throw new Error(`the demo ended with ${code}:\n${lines.map(({ text }) => text).join('\n')}`);
  return lines.filter(({ text }) => !text.startsWith('set-up:'));
}

/** @returns {Line[]} */
function readLines(file) {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => ({ at: Number(line.split(' ', 1)[0]), text: line.slice(line.indexOf(' ') + 1) }));
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Time, who, and what; headings begin at the margin. */
function markUp(text) {
  if (/^\s*[\d.]+ s {2}/.test(text)) {
    const [, time, who, what] = /^(\s*[\d.]+ s {2})(.{11})(.*)$/.exec(text) ?? [];
    return `<tspan class="dim">${escape(time)}</tspan><tspan class="who">${escape(who)}</tspan>${escape(what)}`;
  }
  if (text.endsWith('kept')) return `${escape(text.slice(0, -4))}<tspan class="ok">kept</tspan>`;
  if (/^All \d+ promises kept/.test(text)) return `<tspan class="ok">${escape(text)}</tspan>`;
  if (/^\S/.test(text)) return `<tspan class="head">${escape(text)}</tspan>`;
  if (!/^\s{9}/.test(text)) return escape(text);
  return `<tspan class="dim">${escape(text.slice(0, 20))}</tspan>${escape(text.slice(20))}`;
}

/** @param {Line[]} lines */
function draw(lines) {
  let clock = 0;
  let before = lines[0]?.at ?? 0;
  const timed = lines.map(({ at, text }) => {
    clock += Math.min(at - before, longestPause);
    before = at;
    return { seconds: clock / 1000 + 0.5, text };
  });
  const total = timed.at(-1).seconds;
  const texts = timed.map(({ seconds, text }, index) =>
    text.trim() === ''
      ? ''
      : `<text x="${size.left}" y="${size.top + index * size.line}" style="animation-delay:${seconds.toFixed(2)}s">${markUp(text)}</text>`,
  );
  const scrolled = timed.slice(rows).map(({ seconds }, index) => [((seconds / total) * 100).toFixed(2), index + 1]);
  const last = Math.max(0, timed.length - rows);
  const steps = scrolled.map(([percent, up]) => `${percent}%{transform:translateY(-${up * size.line}px)}`);
  const height = size.top + rows * size.line + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img" aria-labelledby="t">
<title id="t">What ./demo prints: a provider changes the delegated prefix, inside hosts go on, nothing leaks, and all promises are kept.</title>
<style>
rect{fill:#0f1513}.bar{fill:#1d2925}circle{fill:#3b4a44}text{font:12.5px ui-monospace,SFMono-Regular,Menlo,monospace;fill:#d5dfda;white-space:pre;opacity:0;animation:show 1ms linear forwards}
.name{opacity:1;animation:none;fill:#a0afa8}.dim{fill:#8fa098}.who{fill:#62d2b4}.head{fill:#fff;font-weight:700}.ok{fill:#62d2b4}
.roll{animation:roll ${total.toFixed(2)}s step-end forwards}
@keyframes show{to{opacity:1}}
@keyframes roll{0%{transform:none}${steps.join('')}100%{transform:translateY(-${last * size.line}px)}}
@media (prefers-reduced-motion:reduce){text{opacity:1;animation:none}.roll{animation:none;transform:translateY(-${last * size.line}px)}}
</style>
<defs><clipPath id="c"><rect y="30" width="${size.width}" height="${height - 30}"/></clipPath></defs>
<rect width="${size.width}" height="${height}" rx="6"/><rect class="bar" width="${size.width}" height="30" rx="6"/>
<circle cx="18" cy="15" r="5"/><circle cx="36" cy="15" r="5"/><circle cx="54" cy="15" r="5"/><text class="name" x="76" y="19">./demo</text>
<g clip-path="url(#c)"><g class="roll">
${texts.filter((text) => text !== '').join('\n')}
</g></g>
</svg>
`;
}

const [option, file] = process.argv.slice(2);
const lines = option === '--from' ? readLines(file) : await record();
writeFileSync(join(root, 'docs/demo.svg'), draw(lines));
