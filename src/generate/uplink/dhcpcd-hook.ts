import { shellWord } from '../../core/shell-word.ts';

/** How many events may wait for a daemon that is down; of more the oldest goes. */
const waitingLimit = 64;

/**
 * The hook that leaves dhcpcd's environment in `eventsDirectory`, as POSIX sh: it interprets nothing of it, so nothing in
 * it can do harm. Two processes are started (cat, mv); a shell's redirection alone cannot copy bytes that are NUL.
 */
export function compileDhcpcdHook(eventsDirectory: string): string {
  return compileClientHook(eventsDirectory, {
    client: 'dhcpcd',
    use: "Works as dhcpcd's script, and sourced from its directory of hooks as well: the parentheses keep all of it inside.",
    write: '',
  });
}

export interface ClientHook {
  readonly client: string;
  /** One line: how the client comes to run it. */
  readonly use: string;
  /** Shell text that prints variables which go before the environment, each ended by a NUL; a command with its arguments. */
  readonly write: string;
}

/** The same for any client: its environment, and before it what the hook was told in another way. */
export function compileClientHook(eventsDirectory: string, { client, use, write }: ClientHook): string {
  const copy = 'cat "/proc/$$/environ"';
  return `#!/bin/sh
# Leaves what ${client} says of an event for sixgate, as it is; nothing of it is looked at here.
# ${use}
(
	PATH=/usr/sbin:/usr/bin:/sbin:/bin
	LC_ALL=C
	events=${shellWord(eventsDirectory)}
	if ! [ -d "$events" ]; then
		umask 022
		mkdir -p "\${events%/*}" && mkdir -m 0700 "$events" || exit 0
	fi
	# Readable by the group, which is that of the directory where sixgate has a user of its own.
	umask 027

	# The name says when, in hundredths of seconds since boot, and who: both with leading zeros, for the order of names.
	read -r up _ </proc/uptime
	up=000000000000\${up%.*}\${up#*.}
	pid=0000000000$$
	name=\${up#"\${up%????????????}"}-\${pid#"\${pid%??????????}"}

	# Nobody may be there to fetch them: the oldest makes room.
	set -- "$events"/[0-9]*
	[ $# -lt ${waitingLimit} ] || rm -f "$1"

	# Never through a link that somebody left under this name.
	set -C
	${write === '' ? copy : `{ ${write}; ${copy}; }`} >"$events/.$name" && mv -f "$events/.$name" "$events/$name" || rm -f "$events/.$name"
) </dev/null >/dev/null 2>&1 || :
`;
}
