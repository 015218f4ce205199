import type { Socket } from 'node:net';
import { limits } from './limits.ts';
import { peerOf } from './peer.ts';

/** Counts the connections of all listening sockets, in all and by peer. */
export interface ConnectionCount {
  readonly connections: number;
  /** Connections that were cut at once because there were too many. */
  readonly refused: number;
  /** Call with every new connection; cuts it where it is one too many. */
  admit(socket: Socket): void;
}

export function createConnectionCount(): ConnectionCount {
  const byPeer = new Map<string, number>();
  let connections = 0;
  let refused = 0;
  return {
    get connections() {
      return connections;
    },
    get refused() {
      return refused;
    },
    admit(socket) {
      const peer = peerOf(socket.remoteAddress);
      const ofOne = byPeer.get(peer) ?? 0;
      const allowed = peer === 'loopback' ? limits.connections : limits.connectionsOfOne;
      if (connections >= limits.connections || ofOne >= allowed) {
        refused++;
        socket.destroy();
        return;
      }
      connections++;
      byPeer.set(peer, ofOne + 1);
      socket.on('close', () => {
        connections--;
        const left = byPeer.get(peer)! - 1;
        if (left > 0) byPeer.set(peer, left);
        else byPeer.delete(peer);
      });
    },
  };
}
