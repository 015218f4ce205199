import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { natGatewayCases, tunnelCases } from '../../src/testing/tunnel-cases.ts';
import { xenGuestCases } from '../../src/testing/xen-guest-cases.ts';
import { executable, sixgate } from '../cli/sixgate.ts';
import { openPage, site, startBrowser, type WatchedPage } from './browser.ts';
import { readShownFiles, type ShownFile } from './shown-files.ts';

let browser: Browser;
let watched: WatchedPage;
let page: Page;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sixgate-browser-'));
  browser = await startBrowser();
  watched = await openPage(browser, `${site}index.html`);
  page = watched.page;
});

afterAll(async () => {
  await browser.close();
  rmSync(directory, { recursive: true });
});

/** What bin/sixgate makes of it. */
function byCommand(args: readonly string[]): ShownFile[] {
  return (JSON.parse(sixgate(['--json', 'generate', ...args]).stdout) as { files: ShownFile[] }).files;
}

async function beginCommand(kind: string, target: string, intent: object): Promise<ShownFile[]> {
  const child = spawn(executable, ['--json', 'generate', kind, '--for', target, '--intent', '-']);
  child.stdin.end(JSON.stringify(intent));
  const text = await readAll(child.stdout);
  return text === '' ? [] : (JSON.parse(text) as { files: ShownFile[] }).files;
}

async function importIntent(kind: string, intent: object): Promise<void> {
  const file = join(directory, 'intent.json');
  writeFileSync(file, JSON.stringify({ kind, ...intent }));
  await page.setInputFiles('input[type=file]', file);
  await page.locator(`a[href="#${kind}"][aria-current]`).waitFor();
}

const targetsOf = async (): Promise<string[]> => {
  const labels = await page.locator('.targets button').allTextContents();
  return labels.map((label) => label.replace(' cannot do this', ''));
};
const choose = async (target: string): Promise<void> => {
  if ((await targetsOf()).length < 2) return;
  await page.locator('.targets button', { hasText: new RegExp(`^${target}( cannot do this)?$`) }).click();
};
/** As the command line calls it. */
const nameOf = (label: string): string => label.replace(/^(guest|Dom0): |systemd-|\.cfg$/g, '').toLowerCase();

const cases = [
  ...Object.entries(tunnelCases).map(([name, { kind, intent }]) => ({ name, kind, intent })),
  ...Object.entries(natGatewayCases).map(([name, intent]) => ({ name, kind: 'nat-gateway', intent })),
  ...Object.entries(xenGuestCases).map(([name, intent]) => ({ name, kind: 'xen-guest', intent })),
];

describe('what the page makes is what the command line makes', () => {
  test.each(cases)('$kind, $name, for every target', async ({ kind, intent }) => {
    await importIntent(kind, Array.isArray(intent['target']) ? { ...intent, target: intent['target'][0] } : intent);
    const labels = await targetsOf();
    // All at once, while the page is looked at.
    const made = labels.map((label) => beginCommand(kind, nameOf(label), intent));
    for (const [index, label] of labels.entries()) {
      await choose(label);
      const files = await made[index]!;
      expect(await readShownFiles(page)).toEqual(files);
      if (files.length > 0) continue;
      // Refused: the page says why, in the words that its command line gives.
      const { status, stderr } = runShown(await shownCommand());
      expect(status).toBe(3);
      const told = await page.locator('.note.bad li').allInnerTexts();
      expect(oneLine(stderr)).toBe(oneLine(told.map((text) => `sixgate: ${text}`).join(' ')));
    }
  });
});

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

async function shownCommand(): Promise<string> {
  return page.locator('section', { hasText: 'The same on the command line' }).locator('code').innerText();
}

/** As a reader would who copies it. */
function runShown(command: string): { status: number | null; stdout: string; stderr: string } {
  const PATH = `${join(import.meta.dirname, '../../bin')}:${process.env['PATH']}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    encoding: 'utf8',
    cwd: directory,
    env: { ...process.env, PATH },
  });
  return { status, stdout, stderr };
}

const kinds = ['6in4', '6rd', '6to4', 'nat-gateway', 'failover', 'xen-guest', 'uplink'];

describe('as it opens', () => {
  test.each(kinds)('%s: the command that is shown makes the files that are shown', async (kind) => {
    await page.goto(`${site}index.html#${kind}`);
    await page.locator(`a[href="#${kind}"][aria-current]`).waitFor();
    for (const label of await targetsOf()) {
      await choose(label);
      const { status, stdout } = runShown(`${await shownCommand()} --json`);
      // What a target cannot do is refused; above is shown that both then say the same.
      if (status === 3) continue;
      const { files } = JSON.parse(stdout) as { files: ShownFile[] };
      expect(files.length).toBeGreaterThan(0);
      expect(await readShownFiles(page)).toEqual(files);
    }
  });

  test.each([
    ['dhcpcd', 'dhcpcd'],
    ['networkd', 'systemd-networkd'],
  ])(
    'the configuration with %s: valid, and its client and firewall are those of the command line',
    async (from, label) => {
      await page.goto(`${site}index.html#config`);
      await page.getByLabel('The outside prefix', { exact: true }).selectOption(from);
      if (from === 'dhcpcd') await page.getByLabel('Version of dhcpcd').fill('9.4.1');
      await page.getByLabel('A firewall of your own').selectOption('nftables');
      await page.locator('.steps li', { hasText: `Let ${label} read its new file` }).waitFor();
      const [configuration, ...others] = await readShownFiles(page);
      const file = join(directory, 'config.yaml');
      writeFileSync(file, configuration!.text);
      const commands = (await shownCommand()).split('\n');
      expect(runShown(`sixgate check --config ${file} --json`).stdout).toContain('"valid":true');
      const made = commands.flatMap((command) => {
        // What an uplink needs does not stand in the configuration.
        const from = command.includes(' uplink ') ? '' : ` --config ${file}`;
        return (JSON.parse(runShown(`${command}${from} --json`).stdout) as { files: ShownFile[] }).files;
      });
      expect(others).toEqual(made);
    },
  );

  test.each(['dhcpv6', 'route', 'static', '6to4'])('the configuration from %s is valid', async (from) => {
    await page.goto(`${site}index.html#config/other?interface=ppp0&from=${from}&inside=fd12:3456:789a::/56&outside=2001:db8:a::/56&ipv4=8.8.4.4&length=56&subnets.0.name=lan&subnets.0.id=3&subnets.0.interface=br0&allow.0.to=lan::10&allow.0.udp=53,%206000-6100&mode=rfc6296&failover=yes&advertise=yes&dns=fd12:3456:789a::53`); // prettier-ignore
    await page.locator('.drawing svg', { hasText: 'ppp0' }).waitFor();
    const [configuration] = await readShownFiles(page);
    for (const part of [`from: ${from}`, 'mode: rfc6296', 'failover: { by: keepalived }', 'dns: [fd12:3456:789a::53]']) expect(configuration!.text).toContain(part); // prettier-ignore
    const file = join(directory, 'config.yaml');
    writeFileSync(file, configuration!.text);
    expect(runShown(`sixgate check --config ${file} --json`).stdout).toContain('"valid":true');
  });

  test('what follows from a configuration: firewall and LANs know what was typed there', async () => {
    const file = join(directory, 'config.yaml');
    await page.goto(`${site}index.html#config/other`);
    await page.getByRole('heading', { level: 1, name: 'Follow' }).waitFor();
    await page.getByLabel('Interface of subnet 1').fill('br9');
    const [configuration] = await readShownFiles(page);
    writeFileSync(file, configuration!.text);
    for (const [kind, labels] of [
      ['firewall', ['nftables', 'iptables']],
      ['lan', ['systemd-networkd', 'netplan', 'ifupdown']],
    ] as const) {
      await page.locator(`a[href="#${kind}"]`).click();
      await page.locator(`a[href="#${kind}"][aria-current]`).waitFor();
      for (const label of labels) {
        await choose(label);
        expect(await readShownFiles(page)).toEqual(byCommand([kind, '--for', nameOf(label), '--config', file]));
      }
    }
  });
});

test('nothing was logged, and nothing requested from elsewhere', () => {
  expect(watched.faults).toEqual([]);
});
