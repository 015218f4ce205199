import type { Instant } from '../core/instant.ts';

/** Which one of two routers this is: `fault` is a passive one that could not take over. */
export interface Role {
  readonly is: 'active' | 'passive' | 'fault';
  /** Undefined where nobody has said so yet. */
  readonly since?: Instant;
}

/** Of two routers the one that lets nothing out: it keeps the guard and waits. One without a twin has no role. */
export function standsBy(role: Role | undefined): boolean {
  return role !== undefined && role.is !== 'active';
}
