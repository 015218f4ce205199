import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { openFlow, type Flow } from './flow.ts';
import { listen } from './listen.ts';
import type { Request } from './protocol.ts';
import { transfer } from './transfer.ts';

const flows = new Map<string, Flow>();

async function carryOut(request: Request): Promise<object> {
  switch (request.do) {
    case 'listen':
      await listen(request.protocol, request.port, request.address);
      return {};
    case 'open':
      flows.set(request.flow, openFlow(request));
      return {};
    case 'say':
      return flows.get(request.flow)!.say(request.timeout, request.size);
    case 'close':
      flows.get(request.flow)?.close();
      flows.delete(request.flow);
      return {};
    case 'transfer':
      return transfer(request.target, request.port, request.up, request.down);
  }
}

const server = createServer((control) => {
  createInterface({ input: control }).on('line', (line) => {
    const { id, ...request } = JSON.parse(line) as Request & { id: number };
    carryOut(request as Request).then(
      (answer) => control.write(`${JSON.stringify({ id, ...answer })}\n`),
      (error: unknown) => control.write(`${JSON.stringify({ id, failed: String(error) })}\n`),
    );
  });
});
server.listen(process.argv[2], () => process.stdout.write('ready\n'));
