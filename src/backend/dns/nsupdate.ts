import type { NsupdateService } from '../../engine/config.ts';

/** In seconds, for everything; nsupdate tries three times within it. */
const patience = 15;

/** RFC 2136 by nsupdate; the commands go to its standard input. */
export function nsupdateCommand({ keyFile }: NsupdateService): readonly [string, ...string[]] {
  return ['nsupdate', '-t', String(patience), ...(keyFile === undefined ? [] : ['-k', keyFile])];
}

/** One message: the AAAA records of the name are replaced by this one. Names and addresses were checked when they were read. */
export function compileNsupdate({ server, port, zone, ttl }: NsupdateService, name: string, address: string): string {
  return [
    ...(server === undefined ? [] : [`server ${server} ${port}`]),
    ...(zone === undefined ? [] : [`zone ${zone}.`]),
    `update delete ${name}. AAAA`,
    `update add ${name}. ${ttl} AAAA ${address}`,
    'send',
    '',
  ].join('\n');
}
