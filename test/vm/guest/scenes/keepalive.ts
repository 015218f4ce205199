import { setTimeout as sleep } from 'node:timers/promises';
import { brokerEnd, natGateway } from '../by-hand.ts';
import { bringUp } from '../bring-up.ts';
import { expectedOf, install } from '../case-files.ts';
import type { Lab } from '../lab.ts';
import { expectAnswers, expectSilence } from '../../../qemu/inside/ping.ts';
import type { Scene } from '../scene.ts';

/** Seconds after which the gateway forgets; 600 on a real one. The keepalive has its least, 10. */
const memory = 12;
const unit = '/etc/systemd/system/sixgate-keepalive-tun6in4';
const client = '2001:db8:1234::2';

/** What was seen while other scenes ran: a reason, or nothing. */
const seen = new Map<string, string | undefined>();

async function observe(lab: Lab): Promise<void> {
  await lab.fresh('home', 'den', 'pop');
  const den = lab.host('den');
  const pop = lab.host('pop');
  await natGateway(lab.host('home'), 'iifname "lan" oifname "wan" accept');
  await lab.host('home').sh(`sysctl -qw net.netfilter.nf_conntrack_generic_timeout=${memory}`);
  await brokerEnd(pop, '192.0.2.77', '198.51.100.9');
  await install(den, 'den-ifupdown');
  await bringUp(den, 'ifupdown', expectedOf('den-ifupdown'));

  seen.set('fresh', await reasonOf(() => expectSilence(pop, client)));
  // What was tracked of that would stand in the way: without ports there is no second entry for the same addresses.
  await lab.host('home').run(['conntrack', '-F']);
  await den.run(['ping', '-6', '-n', '-c', '1', '-W', '1', '2001:db8:1234::1']);
  seen.set('open', await reasonOf(() => expectAnswers(pop, client)));
  await sleep((memory + 2) * 1000);
  seen.set('shut', await reasonOf(() => expectSilence(pop, client)));

  // The unit's own command at the timer's own interval; systemd itself is not in this machine.
  const command = /^ExecStart=(.*)$/m.exec(await den.ok(['cat', `${unit}.service`]))?.[1] ?? '';
  const seconds = Number(/^OnUnitActiveSec=(\d+)s$/m.exec(await den.ok(['cat', `${unit}.timer`]))?.[1]);
  for (let round = 0; round < 3; round += 1) {
    await den.run(command.split(' '));
    await sleep(seconds * 1000);
  }
  seen.set('kept', await reasonOf(() => expectAnswers(pop, client)));
}

async function reasonOf(action: () => Promise<void>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function observed(key: string): () => Promise<void> {
  return () => {
    const reason = seen.has(key) ? seen.get(key) : 'it was not tried';
    return reason === undefined ? Promise.resolve() : Promise.reject(new Error(reason));
  };
}

export const keepalive: Scene = {
  name: '6in4 behind a gateway that only masquerades',
  meanwhile: observe,
  checks: [
    { name: 'at first the broker does not get in', run: observed('fresh') },
    { name: 'after a packet from inside it does', run: observed('open') },
    { name: 'after a silence as long as the gateway remembers it does not', run: observed('shut') },
    { name: 'with the keepalive it does, long after that time', run: observed('kept') },
  ],
};
