import type { Host } from '../host/host.ts';
import type { LinkIdentity } from '../host/link-local.ts';
import type { UdpEvents, UdpOpening } from '../host/udp-socket.ts';

/** A machine with one interface and one UDP port, which are what the test says; time passes when it is told to. */
export class LinkMachine {
  linkLocals: string[] | undefined;
  mac: bigint | undefined;
  opening: UdpOpening['is'] = 'open';
  refusal = 'EACCES';
  /** Addresses that were tried, with their ports. */
  readonly tried: string[] = [];
  readonly sent: { readonly bytes: Uint8Array; readonly port: number; readonly address: string }[] = [];
  /** Sockets that are open now. */
  open = 0;
  events: UdpEvents | undefined;
  #timers: { at: number; callback: () => void }[] = [];
  #now = 0;

  /** Files that are not there, programs that say what `ss` says of a dhcpcd. */
  readonly host = {
    clock: {
      now: () => 1_000_000_000_000 + this.#now,
      monotonic: () => this.#now,
      uptime: () => this.#now,
      after: (delay: number, callback: () => void) => {
        const timer = { at: this.#now + delay, callback };
        this.#timers.push(timer);
        return () => (this.#timers = this.#timers.filter((one) => one !== timer));
      },
    },
    files: { read: async () => ({ ok: true, value: undefined }), write: async () => ({ ok: true, value: undefined }) },
    processes: {
      run: async () => ({
        ok: true,
        value: { code: 0, stdout: 'UNCONN 0 0 *:546 *:* users:(("dhcpcd",pid=77,fd=6))\n', stderr: '' },
      }),
    },
  } as unknown as Host;

  readonly access = {
    readLinkIdentity: (): LinkIdentity | undefined =>
      this.linkLocals && { linkLocals: this.linkLocals, ...(this.mac !== undefined && { mac: this.mac }) },
    openUdpSocket: async (address: string, port: number, events: UdpEvents): Promise<UdpOpening> => {
      this.tried.push(`${address} ${port}`);
      if (this.opening === 'refused') return { is: 'refused', why: this.refusal };
      if (this.opening !== 'open') return { is: this.opening };
      this.events = events;
      this.open++;
      return {
        is: 'open',
        socket: {
          send: (bytes, to, host) => void this.sent.push({ bytes, port: to, address: host }),
          close: () => void this.open--,
        },
      };
    },
  };

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
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
