import { expect, test } from 'vitest';
import { homeConfig } from '../../testing/healthy-host.ts';
import { deriveLanIntent } from './lan-intent.ts';
import { lanTargets, type LanTarget } from './lan-targets.ts';

const advertised = { networks: homeConfig.networks.map((network) => ({ ...network, advertise: { dns: [] } })) };
const generate = (target: LanTarget, config: Parameters<typeof deriveLanIntent>[0] = advertised) =>
  lanTargets[target](deriveLanIntent(config, '/run/sixgate/radvd.conf'));

test.each(['ifupdown', 'netplan', 'networkd'] as const)('%s', async (target) => {
  const text = generate(target).map(({ path, mode, text: content }) => `==> ${path} ${mode.toString(8)}\n${content}`);
  await expect(text.join('\n')).toMatchFileSnapshot(`goldens/${target}`);
});

test('without advertised networks radvd is left alone', () => {
  expect(generate('ifupdown', homeConfig).map(({ path }) => path)).toEqual(['/etc/network/interfaces.d/sixgate-lan']);
});
