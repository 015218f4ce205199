import type { ProbeJob } from './job.ts';
import { runDelegate } from './run-delegate.ts';
import { runAsk } from './run-ask.ts';
import { runEcho } from './echo.ts';
import { runFlows } from './run-flows.ts';
import { runStream } from './run-stream.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as ProbeJob;
switch (job.kind) {
  case 'echo':
    runEcho(job);
    break;
  case 'flows':
    runFlows(job);
    break;
  case 'stream':
    runStream(job);
    break;
  case 'delegate':
    runDelegate(job);
    break;
  case 'ask':
    runAsk(job);
    break;
}
