import { afterEach, expect, test } from 'vitest';
import type { Problem } from '../../core/problem.ts';
import type { Host } from '../../host/host.ts';
import type { UdpEvents, UdpOpening } from '../../host/udp-socket.ts';
import { openDhcpv6Socket, type Dhcpv6Socket } from './dhcpv6-socket.ts';

/** A machine whose interface and port are what the test says; time passes when it is told to. */
class Machine {
  linkLocals: string[] | undefined;
  opening: UdpOpening['is'] = 'open';
  refusal = 'EACCES';
  readonly tried: string[] = [];
  readonly said: string[] = [];
  readonly sent: string[] = [];
  events: UdpEvents | undefined;
  open = 0;
  #timers: { at: number; callback: () => void }[] = [];
  #now = 0;

  readonly host = {
    clock: {
      now: () => this.#now,
      monotonic: () => this.#now,
      after: (delay: number, callback: () => void) => {
        const timer = { at: this.#now + delay, callback };
        this.#timers.push(timer);
        return () => (this.#timers = this.#timers.filter((one) => one !== timer));
      },
    },
    processes: {
      run: async () => ({
        ok: true,
        value: { code: 0, stdout: 'UNCONN 0 0 *:546 *:* users:(("dhcpcd",pid=77,fd=6))\n', stderr: '' },
      }),
    },
  } as unknown as Host;

  start(): Dhcpv6Socket {
    return openDhcpv6Socket({
      host: this.host,
      access: {
        readLinkIdentity: () => this.linkLocals && { linkLocals: this.linkLocals },
        openUdpSocket: async (address, port, events) => {
          this.tried.push(`${address} ${port}`);
          if (this.opening === 'refused') return { is: 'refused', why: this.refusal };
          if (this.opening !== 'open') return { is: this.opening };
          this.events = events;
          this.open++;
          return {
            is: 'open',
            socket: {
              send: (bytes, to, host) => void this.sent.push(`${bytes.length} ${to} ${host}`),
              close: () => void this.open--,
            },
          };
        },
      },
      interface: 'eth0',
      onDatagram: (bytes) => void this.said.push(`heard ${bytes.length}`),
      onOpen: () => void this.said.push('open'),
      onLost: (why) => void this.said.push(`lost: ${why}`),
      onProblem: (problem: Problem | undefined) => void this.said.push(problem ? problem.message : 'no problem'),
    });
  }

  /** Lets time pass, and with it whatever waits for an answer. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const next = this.#timers.toSorted((one, other) => one.at - other.at)[0];
      if (!next || next.at > end) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = end;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
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
  expect([machine.sent, machine.said.at(-1)]).toEqual([['7 547 ff02::1:2%eth0'], 'heard 3']);
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
