import { readdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { LabError } from './lab-error.ts';

/** Sends one command to Kea's control socket and returns its `arguments`; anything but result 0 throws. */
export async function askKea(socketPath: string, command: string, args?: object): Promise<unknown> {
  const text = await exchange(socketPath, JSON.stringify({ command, ...(args ? { arguments: args } : {}) }));
  const answer = JSON.parse(text) as { result: number; text?: string; arguments?: unknown };
  if (answer.result !== 0) throw new LabError(`Kea refused ${command}: ${answer.text ?? text}`);
  return answer.arguments;
}

function exchange(path: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(path, () => socket.write(request));
    socket.setEncoding('utf8').setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', (error) => reject(new LabError(`Kea's socket: ${error.message}`)));
    socket.on('end', () => resolve(answer));
  });
}

/** Kea's run_script library, in the directory for this machine's architecture. */
export function findRunScriptLibrary(): string {
  for (const triplet of readdirSync('/usr/lib')) {
    const directory = `/usr/lib/${triplet}/kea/hooks`;
    try {
      if (readdirSync(directory).includes('libdhcp_run_script.so')) return `${directory}/libdhcp_run_script.so`;
    } catch {
      // not this one
    }
  }
  throw new LabError('libdhcp_run_script.so is not in /usr/lib/*/kea/hooks: install kea-dhcp6-server');
}
