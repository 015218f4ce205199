import { MachineStage } from '../../../docs/machine-stage.ts';
import { pagesFor } from '../../../docs/pages-for.ts';
import { sceneOfPage } from '../../../docs/scene-of-page.ts';
import { betaBySixToFour, borderRelay, brokerEnd, natGateway } from '../by-hand.ts';
import type { HostName, Lab } from '../lab.ts';
import type { Scene } from '../scene.ts';

/** The pages of docs that need tunnels, on alpha, gate and inner as new ones. */
export const guides: readonly Scene[] = pagesFor('vm').map((page) =>
  sceneOfPage(page, async (lab: Lab) => new MachineStage((name) => lab.host(name as HostName), act(lab))),
);

const act =
  (lab: Lab) =>
  async ([what, name, ...words]: readonly string[]): Promise<void> => {
    switch (`${what} ${name}`) {
      case 'standing beta':
        return lab.standing('beta', betaBySixToFour);
      case 'standing broker':
        return lab.standing('broker', (broker) => brokerEnd(broker, '192.0.2.99', '203.0.113.4'));
      case 'standing relay':
        return lab.standing('relay', borderRelay);
      case 'firewall gate':
        return natGateway(lab.host('gate'), 'include "/etc/sixgate/nat-gateway-forward.nft"');
      default:
        if (what === 'fresh') return lab.fresh(...([name, ...words] as HostName[]));
        if (what === 'run') {
          await lab.host(name as HostName).sh(words.join(' '));
          return undefined;
        }
        throw new Error(`the machine cannot "${what} ${name}"`);
    }
  };
