import { noFlowtable, offloadInterfaces } from '../offload.ts';
import { ok, problem, unknown, type Check } from './finding.ts';

export const offload: Check = {
  id: 'offload',
  group: 'this machine',
  needsConfig: true,
  judge({ flowtables }, config) {
    if (offloadInterfaces(config).length === 0) return [ok('offload', 'no flows are to be offloaded')];
    if (!flowtables) return [unknown('offload', 'whether the kernel takes a flowtable', 'it was not asked')];
    if (flowtables.taken) return [ok('offload', 'the kernel takes a flowtable for established flows')];
    const { message, mend } = noFlowtable(flowtables.why);
    return [problem('offload', message, mend)];
  },
};
