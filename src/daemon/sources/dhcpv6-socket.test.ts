import { afterEach, expect, test } from 'vitest';
import type { Problem } from '../../core/problem.ts';
import { LinkMachine } from '../../testing/link-machine.ts';
import { openDhcpv6Socket, type Dhcpv6Socket } from './dhcpv6-socket.ts';

class Machine extends LinkMachine {
  readonly said: string[] = [];

  start(): Dhcpv6Socket {
    return openDhcpv6Socket({
      host: this.host,
      access: this.access,
      interface: 'eth0',
      onDatagram: (bytes) => void this.said.push(`heard ${bytes.length}`),
      onOpen: () => void this.said.push('open'),
      onLost: (why) => void this.said.push(`lost: ${why}`),
      onProblem: (problem: Problem | undefined) => void this.said.push(problem ? problem.message : 'no problem'),
    });
  }
}

let socket: Dhcpv6Socket | undefined;
afterEach(async () => socket?.close());

test('it opens on the link-local address and sends to all servers of that link', async () => {
  const machine = new Machine();
  machine.linkLocals = ['fe80::1'];
  socket = machine.start();
  await machine.pass(0);
  expect([machine.tried, machine.said]).toEqual([['fe80::1%eth0 546'], ['no problem', 'open']]);
  socket.send(new Uint8Array(7));
  machine.events!.onDatagram(new Uint8Array(3));
  expect(machine.sent).toEqual([{ bytes: new Uint8Array(7), port: 547, address: 'ff02::1:2%eth0' }]);
  expect(machine.said.at(-1)).toBe('heard 3');
});

test('an interface that is not there, then an address that is not ready: it opens as soon as it can', async () => {
  const machine = new Machine();
  socket = machine.start();
  await machine.pass(60_000);
  expect(machine.said).toEqual([]);
  machine.opening = 'not-ready';
  machine.linkLocals = ['fe80::1'];
  socket.look();
  await machine.pass(0);
  machine.opening = 'open';
  await machine.pass(100); // although it had been looked at every 5 s only
  expect(machine.said).toEqual(['no problem', 'open']);
});

test('while another client has the port, it is named; the port is taken when it is free', async () => {
  const machine = new Machine();
  machine.linkLocals = ['fe80::1'];
  machine.opening = 'taken';
  socket = machine.start();
  await machine.pass(0);
  expect(machine.said).toEqual(['dhcpcd (process 77) has UDP port 546 on eth0, so the DHCPv6 client gets no answers']);
  machine.opening = 'open';
  await machine.pass(5000);
  expect(machine.said.slice(-2)).toEqual(['no problem', 'open']);
});

test('without the right it says so', async () => {
  const machine = new Machine();
  machine.linkLocals = ['fe80::1'];
  machine.opening = 'refused';
  socket = machine.start();
  await machine.pass(0);
  expect(machine.said).toEqual(["UDP port 546 on eth0 can't be opened: EACCES"]);
});

test('the address goes, or sending fails: lost once, and opened again', async () => {
  const machine = new Machine();
  machine.linkLocals = ['fe80::1'];
  socket = machine.start();
  await machine.pass(0);
  machine.linkLocals = ['fe80::2'];
  socket.look();
  await machine.pass(0);
  expect(machine.said).toEqual(['no problem', 'open', 'lost: its address is gone', 'no problem', 'open']);
  expect([machine.tried.at(-1), machine.open]).toEqual(['fe80::2%eth0 546', 1]);
  machine.events!.onEnd('ENETUNREACH');
  await machine.pass(0);
  expect(machine.said.slice(5)).toEqual(['lost: ENETUNREACH', 'no problem', 'open']);
});

test('closed, nothing is opened any more', async () => {
  const machine = new Machine();
  machine.linkLocals = ['fe80::1'];
  const closing = machine.start();
  await closing.close();
  await machine.pass(60_000);
  closing.look();
  await machine.pass(60_000);
  expect([machine.open, machine.said]).toEqual([0, []]);
});
