import { listDhcpClients, parseSockets } from '../../backend/ss/parse-sockets.ts';
import type { DhcpClient } from '../../engine/doctor/host-facts.ts';
import type { Read } from '../../engine/kernel-state.ts';
import type { Files, Host } from '../../host/host.ts';
import { knownFact, readFact } from './read-fact.ts';

/** Who listens for DHCPv6 answers in this network namespace. */
export async function readDhcpClients({ processes, files }: Host): Promise<Read<readonly DhcpClient[]>> {
  const sockets = await readFact(processes, listDhcpClients, (text) => knownFact(parseSockets(text)));
  if (!sockets.known) return sockets;
  const clients = sockets.value.flatMap((socket) => {
    const where = socket.interface === undefined ? {} : { interface: socket.interface };
    if (socket.processes.length === 0) return [Promise.resolve({ ...where, orphaned: false })];
    return socket.processes.map(async (process) => ({
      ...where,
      process,
      ...(await readArguments(files, process.pid)),
      orphaned: process.name === 'dhcpcd' && (await isOrphan(files, process.pid)),
    }));
  });
  return knownFact(await Promise.all(clients));
}

async function readArguments(files: Files, pid: number): Promise<Pick<DhcpClient, 'arguments'>> {
  const line = await files.read(`/proc/${pid}/cmdline`);
  return line.ok && line.value !== undefined ? { arguments: line.value.split('\0').slice(1, -1) } : {};
}

/**
 * dhcpcd 9 and newer keep the socket in a process of its own, `dhcpcd: [network proxy]`, whose parent is the manager.
 * It outlives a manager that is killed.
 */
async function isOrphan(files: Files, pid: number): Promise<boolean> {
  const title = await files.read(`/proc/${pid}/cmdline`);
  if (!title.ok || !title.value?.includes('proxy]')) return false;
  const status = await files.read(`/proc/${pid}/status`);
  const parent = status.ok ? /^PPid:\s*(\d+)/m.exec(status.value ?? '')?.[1] : undefined;
  if (parent === undefined) return false;
  const name = await files.read(`/proc/${parent}/comm`);
  return name.ok && name.value?.trim() !== 'dhcpcd';
}
