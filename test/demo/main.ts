import { readFileSync } from 'node:fs';
import { Claims } from './claims.ts';
import { Narrator } from './narrator.ts';
import { networkDrawing } from './network-drawing.ts';
import { playDaemonRestart } from './scenes/daemon-restart.ts';
import { playFirstLease } from './scenes/first-lease.ts';
import { playFlushedRuleset } from './scenes/flushed-ruleset.ts';
import { playHairpin } from './scenes/hairpin.ts';
import { playLeaseExpiry } from './scenes/lease-expiry.ts';
import { playPrefixChanges } from './scenes/prefix-changes.ts';
import { Stage } from './stage.ts';
import { showStatusPage, type StatusPage } from './status-page.ts';

const usage = `usage: demo [--fast] [--stay]
  --fast   fewer prefix changes, no waiting for a lease to end
  --stay   leave the network standing afterwards, until Ctrl-C, with the status page from the beginning
`;

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !['--fast', '--stay', '--help'].includes(arg));
  if (unknown !== undefined || args.includes('--help')) {
    process[unknown === undefined ? 'stdout' : 'stderr'].write(usage);
    return unknown === undefined ? 0 : 2;
  }
  const fast = args.includes('--fast');
  const narrator = new Narrator();
  const claims = new Claims();
  narrator.raw(narrator.colors.bold('sixgate: inside addresses stay, the provider changes the prefix, nothing leaks'));
  narrator.raw(networkDrawing);
  const stage = await Stage.build(narrator, claims);
  let page: StatusPage | undefined;
  const cleanUp = async () => {
    await page?.stop();
    await stage.lab.stop();
  };
  onSignal(cleanUp);
  try {
    narrator.event('lab', 'stands: 7 network namespaces, Kea and radvd on the provider, no DHCPv6 client yet');
    if (args.includes('--stay')) {
      page = await showStatusPage(runtimeDirOf(stage));
      narrator.raw(`  Look on in a browser: ${narrator.colors.bold(page.url)}`);
    }
    await playFirstLease(stage);
    await playPrefixChanges(stage, fast ? { planned: 1, sudden: 1 } : { planned: 2, sudden: 3 });
    await playHairpin(stage);
    await playFlushedRuleset(stage);
    await playDaemonRestart(stage);
    if (!fast) await playLeaseExpiry(stage);
    checkMemory(stage);
    narrator.scene('Summary');
    const kept = claims.summarise(narrator);
    if (page) await stay(narrator, stage, page);
    return kept ? 0 : 1;
  } catch (error) {
    narrator.raw(
      narrator.colors.red(`\nThe demo could not go on: ${error instanceof Error ? error.message : String(error)}`),
    );
    narrator.raw(tail(stage));
    return 1;
  } finally {
    await cleanUp();
  }
}

function checkMemory(stage: Stage): void {
  const status = readFileSync(`/proc/${stage.daemon.pid}/status`, 'utf8');
  const mebibytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  stage.claims.check('memory of the daemon', '<= 80 MiB', `${mebibytes.toFixed(0)} MiB`, mebibytes <= 80);
}

/** The last words of the daemon, for whoever has to find out why. */
function tail(stage: Stage): string {
  try {
    return stage.daemon
      .log()
      .trimEnd()
      .split('\n')
      .slice(-12)
      .map((line) => `  | ${line}`)
      .join('\n');
  } catch {
    return '';
  }
}

function stay(narrator: Narrator, stage: Stage, page: StatusPage): Promise<void> {
  narrator.raw(`\nThe network stands until Ctrl-C. The status page: ${narrator.colors.bold(page.url)}`);
  narrator.raw('Look around in another terminal:');
  const paths = stage.lab.router.sixgatePaths().join(' ');
  for (const command of [
    'ip netns exec sg-demo-lan1 ping 2001:db8:ffff::80',
    'ip netns exec sg-demo-router nft list ruleset',
    `ip netns exec sg-demo-router bin/sixgate status --watch ${paths}`,
    `ip netns exec sg-demo-router bin/sixgate trace servers::10 ${paths}`,
  ]) {
    narrator.raw(`  sudo ${command}`);
  }
  return new Promise(() => setInterval(() => {}, 60_000));
}

function runtimeDirOf(stage: Stage): string {
  const paths = stage.lab.router.sixgatePaths();
  return paths[paths.indexOf('--runtime-dir') + 1]!;
}

function onSignal(cleanUp: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void cleanUp().then(() => process.exit(130)));
  }
}

process.exitCode = await main(process.argv.slice(2));
