#!/bin/sh
# Stands in for systemctl on the lab's routers, where no systemd is process 1: starts and stops the one service that the script
# of fail-over names, by the lines of the file that was generated for it. Works in the background, as with --no-block.
action=
for word; do
	case $word in
	start | stop) action=$word ;;
	--*) ;;
	*) unit=$word ;;
	esac
done
file=/etc/systemd/system/$unit
pidfile=/run/$unit.pid
of() { sed -n "s/^$1=//p" "$file"; }

alive() { [ -r "$pidfile" ] && read -r pid <"$pidfile" && kill -0 "$pid" 2>/dev/null; }

start() {
	alive && return
	mounts=$(of TemporaryFileSystem)
	# The two options are the lab's: no udev is here, and its log is wanted.
	setsid unshare -m --propagation private sh -c \
		'echo $$ >"$1"; mount -t tmpfs -o "${2#*:}" tmpfs "${2%%:*}" && exec $3 --nodev -d' sh "$pidfile" "$mounts" "$(of ExecStart)" \
		>>"$SIXGATE_LAB_LOG" 2>&1 </dev/null 9>&- &
}

# As TimeoutStopSec and KillMode=mixed say: the main process gets SIGTERM, and what is left after that time is killed.
stop() {
	alive || return
	kill -TERM "$pid"
	(
		end=$(($(of TimeoutStopSec) * 20))
		while [ $end -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
			sleep 0.05
			end=$((end - 1))
		done
		kill -KILL -- "-$pid" 2>/dev/null
		rm -f "$pidfile"
	) >/dev/null 2>&1 </dev/null &
}

$action
