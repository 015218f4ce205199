import { infiniteLifetime } from '../../core/instant.ts';
import { formatPrefix, parsePrefix } from '../../core/prefix.ts';
import type { Problem } from '../../core/problem.ts';
import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';
import type { ClientState } from '../../engine/client-state.ts';
import type { HookClient } from '../../engine/config.ts';
import type { LeaseReport, ReportedPrefix } from '../../engine/delegation.ts';
import { judgeReported, refusedDelegation } from '../../engine/judge-reported.ts';
import { parseEnvironment } from '../dhcpcd/parse-environment.ts';

/** What a hook left: a message of its client, or all that its client holds. */
export interface HookEvent {
  readonly client: HookClient;
  /** Which uplink it is about: by its interface, or by its name. */
  readonly about: { readonly interface: string } | { readonly uplink: string };
  readonly says: Omit<LeaseReport, 'interface'> | Omit<ClientState, 'interface'>;
}

const marker = 'sixgate_client';

/** Hooks but dhcpcd's put this first. */
export function isHookEvent(text: string): boolean {
  return text.startsWith(`${marker}=`);
}

/** Reads one event: variables that are each ended by a NUL, one character a byte. docs/prefix-sources.md has their meaning. */
export function parseHookEvent(text: string): Result<HookEvent> {
  const environment = parseEnvironment(text, /^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
  if (!environment.ok) return environment;
  const variables = environment.value;
  const client = variables.get(marker) ?? '';
  if (client === 'dhclient') return parseDhclient(variables);
  if (client === 'odhcp6c') return parseOdhcp6c(variables);
  if (client === 'generic') return parseGeneric(variables);
  return fail(refused(`its client is ${quote(client)}`));
}

type Variables = ReadonlyMap<string, string>;

/**
 * dhclient 4.4.3 runs its script once for each prefix of a message:
 *
 * | reason                | taken as                                                              |
 * |-----------------------|-----------------------------------------------------------------------|
 * | BOUND6 RENEW6 REBIND6 | new_ip6_prefix with its lifetimes                                     |
 * | EXPIRE6 RELEASE6      | old_ip6_prefix is gone                                                |
 * | STOP6                 | nothing: the client ends and gives nothing back (RFC 9915 18.2.10.1)  |
 * | DEPREF6 and the rest  | nothing: the preferred lifetime is known                              |
 */
function parseDhclient(variables: Variables): Result<HookEvent> {
  const on = variables.get('interface') ?? '';
  const reason = variables.get('reason') ?? '';
  const isReply = ['BOUND6', 'RENEW6', 'REBIND6'].includes(reason);
  const isEnd = ['EXPIRE6', 'RELEASE6'].includes(reason);
  const written = variables.get(isReply ? 'new_ip6_prefix' : 'old_ip6_prefix');
  const prefixes: ReportedPrefix[] = [];
  const problems: Problem[] = [];
  if (written !== undefined && (isReply || isEnd)) {
    const lifetimes = isReply ? [variables.get('new_preferred_life'), variables.get('new_max_life')] : ['0', '0'];
    const iaid = readIaid(variables.get(isReply ? 'new_iaid' : 'old_iaid'));
    const read = readReported(on, written, lifetimes[0], lifetimes[1], iaid);
    if (read.ok) prefixes.push(read.value);
    else problems.push(read.problem);
  }
  const says = { reason, prefixes, released: false, refused: problems };
  return succeed({ client: 'dhclient', about: { interface: on }, says });
}

/**
 * odhcp6c says all that it holds each time, in PREFIXES.
 *
 * | state                  | taken as                                                      |
 * |------------------------|---------------------------------------------------------------|
 * | bound updated rebound  | what it holds                                                 |
 * | stopped                | given up: it sends a Release                                  |
 * | unbound and the rest   | nothing: it asks again, what was delegated is still ours      |
 */
function parseOdhcp6c(variables: Variables): Result<HookEvent> {
  const on = variables.get('sixgate_interface') ?? '';
  const state = variables.get('sixgate_state') ?? '';
  const about = { interface: on };
  if (state === 'stopped') {
    return succeed({ client: 'odhcp6c', about, says: { reason: state, prefixes: [], released: true, refused: [] } });
  }
  const holds = ['bound', 'updated', 'rebound'].includes(state);
  const { prefixes, refused: problems } = readList(on, holds ? (variables.get('PREFIXES') ?? '') : '');
  return succeed({ client: 'odhcp6c', about, says: { reason: state, prefixes, refused: problems, empty: 'hold' } });
}

/** The form for everybody else: `uplink` or `interface`, and `prefixes` as in PREFIXES of odhcp6c, or `released=yes`. */
function parseGeneric(variables: Variables): Result<HookEvent> {
  const uplink = variables.get('uplink');
  const on = variables.get('interface');
  if (uplink === undefined && on === undefined) return fail(refused('it names neither uplink nor interface'));
  const about = uplink === undefined ? { interface: on! } : { uplink };
  const { prefixes, refused: problems } = readList(uplink ?? on!, variables.get('prefixes') ?? '');
  const released = variables.get('released') === 'yes';
  const says = {
    reason: released ? 'released' : 'told',
    prefixes: released ? [] : prefixes,
    released,
    refused: problems,
  };
  return succeed({ client: 'generic', about, says });
}

/** More than any server delegates to one client. */
const prefixLimit = 32;

/** `PREFIX/LENGTH,PREFERRED,VALID[,excluded=PREFIX/LENGTH][,...]` between blanks. */
function readList(on: string, list: string): { prefixes: ReportedPrefix[]; refused: Problem[] } {
  const prefixes: ReportedPrefix[] = [];
  const problems: Problem[] = [];
  for (const entry of list.split(/\s+/).filter(Boolean).slice(0, prefixLimit)) {
    const [written = '', preferred, valid, ...more] = entry.split(',');
    const read = readReported(on, written, preferred, valid, 0);
    const excluded = more.find((word) => word.startsWith('excluded='))?.slice('excluded='.length);
    const part = excluded === undefined ? undefined : parsePrefix(excluded);
    if (!read.ok) problems.push(read.problem);
    else if (part && !part.ok)
      problems.push(refusedDelegation(on, formatPrefix(read.value.prefix), part.problem.message));
    else prefixes.push({ ...read.value, ...(part && { excluded: part.value }) });
  }
  return { prefixes, refused: problems };
}

function readReported(
  on: string,
  written: string,
  preferred: string | undefined,
  valid: string | undefined,
  iaid: number,
): Result<ReportedPrefix> {
  const prefix = parsePrefix(written);
  if (!prefix.ok) return fail(refusedDelegation(on, quote(written), prefix.problem.message));
  const [preferredLifetime, validLifetime] = [readLifetime(preferred), readLifetime(valid)];
  if (preferredLifetime === undefined || validLifetime === undefined) {
    return fail(refusedDelegation(on, formatPrefix(prefix.value), 'its lifetimes are not numbers of 32 bits'));
  }
  return judgeReported(on, { iaid, prefix: prefix.value, preferredLifetime, validLifetime });
}

function readLifetime(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  return Number(text) <= infiniteLifetime ? Number(text) : undefined;
}

/** Four bytes as `00:00:aa:01`. */
function readIaid(text = ''): number {
  return /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){3}$/i.test(text)
    ? text.split(':').reduce((sum, byte) => sum * 256 + Number.parseInt(byte, 16), 0)
    : 0;
}

function refused(why: string): Problem {
  return { code: 'report-refused', message: `what a hook left is refused: ${why}` };
}
