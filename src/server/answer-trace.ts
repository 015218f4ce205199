import { parseTracedAddress } from '../config/parse-traced-address.ts';
import { formatIpv6 } from '../core/ipv6.ts';
import type { Config } from '../engine/config.ts';
import type { NoStatus, Status } from '../engine/status.ts';
import { choicesOfReport, configOfReport, mappingsOfReport } from '../engine/trace-report.ts';
import { traceAddress } from '../engine/trace-address.ts';
import { answerJson, type Answer } from './answer.ts';

const nothing: Config = { uplinks: [], networks: [], translations: [] };

/** `/api/trace?address=A`: by the mappings in the daemon's report, since this process may not look into the kernel. */
export function answerTrace(status: Status | NoStatus, text: string | null): Answer {
  if (text === null) {
    const problem = { code: 'address-syntax', message: 'no address was given', mend: 'Add ?address= and the address.' };
    return answerJson(400, { schemaVersion: 1, problem });
  }
  const config = status.daemon === null ? nothing : configOfReport(status);
  const address = parseTracedAddress(text, config);
  if (!address.ok) return answerJson(400, { schemaVersion: 1, problem: address.problem });
  if (status.daemon === null) return answerJson(503, status);
  if (!status.inForce) {
    const message = 'the last look at the kernel or the last change failed, so that it is not known what is in force';
    const mend = 'See the problems of the status.';
    return answerJson(503, { schemaVersion: 1, problem: { code: 'kernel-unreadable', message, mend } });
  }
  const lines = traceAddress(address.value, config, mappingsOfReport(status), choicesOfReport(status));
  return answerJson(200, { schemaVersion: 1, address: formatIpv6(address.value), lines });
}
