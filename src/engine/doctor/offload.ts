import { noFlowtable } from '../offload.ts';
import { ok, problem, type Check } from './finding.ts';

export const offload: Check = {
  id: 'offload',
  group: 'this machine',
  needsConfig: true,
  judge({ flowtables }) {
    if (!flowtables) return [ok('offload', 'no flows are to be offloaded')];
    if (flowtables.taken) return [ok('offload', 'the kernel takes a flowtable for established flows')];
    const { message, mend } = noFlowtable(flowtables.why);
    return [problem('offload', message, mend)];
  },
};
