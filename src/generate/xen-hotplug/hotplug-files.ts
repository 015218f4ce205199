import { shellWord } from '../../core/shell-word.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { sealText } from '../../core/sealed-text.ts';

/** Where the scripts of Xen are. */
const scripts = '/etc/xen/scripts';
export const hookPath = `${scripts}/vif-post.d/50-sixgate.hook`;
export const routePath = `${scripts}/vif-route6`;
export const oldPath = `${scripts}/vif-route-ipv6`;

export interface HotplugOptions {
  /** How sixgate is called: a program and its first arguments, by absolute path. */
  readonly command: readonly string[];
  /** Also the script for a vif-route that was patched to call one. */
  readonly old: boolean;
}

/** The files that make the hotplug scripts of Xen call sixgate. */
export function hotplugFiles({ command, old }: HotplugOptions): GeneratedFile[] {
  const call = command.map(shellWord).join(' ');
  const file = (path: string, text: string): GeneratedFile => ({ path, mode: 0o755, text: sealText(text) });
  return [
    file(hookPath, compileHook(call)),
    file(routePath, compileRoute(call)),
    ...(old ? [file(oldPath, compileOld(call))] : []),
  ];
}

/**
 * The part that the hook and vif-route6 share, as bash that runs under `set -e` with a trap on ERR. What cannot be run at
 * all cannot filter either, so then the interface gets no IPv6.
 */
function callFunction(call: string): string {
  return `sixgate_vif() {
  local said code=0
  said=$(${call} xen vif "$command" --device "$dev" --path "$XENBUS_PATH" --type "$type_if" --ip "$ip" 2>&1) || code=$?
  if [ "$code" = 126 ] || [ "$code" = 127 ]; then
    log err "\${said:-sixgate cannot be run}"
    echo 1 2>/dev/null >"/proc/sys/net/ipv6/conf/$dev/disable_ipv6" || true
  elif [ "$code" != 0 ]; then
    fatal "\${said:-sixgate ended with $code}"
  elif [ -n "$said" ]; then
    log warning "$said"
  fi
}
`;
}

function compileHook(call: string): string {
  return `# shellcheck shell=bash disable=SC2154
# vif-route and its like source this before they report success.
${callFunction(call)}
[ -n "\${sixgate_served:-}" ] || sixgate_vif
`;
}

function compileRoute(call: string): string {
  return `#!/bin/bash
# shellcheck disable=SC1091,SC2154
# A hotplug script for routed guests, in place of vif-route: "ip=" in xl.cfg may have IPv4 and IPv6 addresses, Dom0 needs
# IPv4 only for guests that have it, and nothing but iproute2 is used. Write script=vif-route6 in xl.cfg, or
# vif.default.script="vif-route6" in xl.conf.
dir=$(dirname "$0")
. "$dir/vif-common.sh"

${callFunction(call)}
case "$type_if" in
  tap) metric=1 ;;
  *) metric=2 ;;
esac

ipv4=()
for address in $ip; do
  case "$address" in
    *:*) ;;
    *) ipv4+=("$address") ;;
  esac
done

case "$command" in
  add | online)
    do_or_die ip link set dev "$dev" up
    if [ "\${#ipv4[@]}" -gt 0 ]; then
      # The address that answers the guest's ARP, on whichever interface Dom0 has it.
      main_ip=$(ip -4 -o address show scope global primary \${netdev:+dev "$netdev"} | awk '$3 == "inet" { split($4, a, "/"); print a[1]; exit }')
      [ -n "$main_ip" ] || fatal "$dev is to have IPv4 \${ipv4[*]}, and \${netdev:-Dom0} has no IPv4 address"
      do_or_die ip -4 address replace "$main_ip/32" dev "$dev"
      echo 1 >"/proc/sys/net/ipv4/conf/$dev/proxy_arp"
      for address in "\${ipv4[@]}"; do
        do_or_die ip -4 route replace "$address" dev "$dev" src "$main_ip" metric "$metric"
      done
    fi
    ;;
esac

# Before the hooks of others, and once: ours is among them.
sixgate_vif
# shellcheck disable=SC2034
sixgate_served=1
call_hooks vif post

log debug "Successful vif-route6 $command for $dev."
if [ "$command" = online ]; then
  success
fi
`;
}

/** The interface that how-tos of 2010 gave such a script: the event as argument, \`vif\` and XENBUS_PATH in the environment. */
function compileOld(call: string): string {
  return `#!/bin/sh
# For a vif-route that was patched to call "vif-route-ipv6 online" (or offline) with vif and XENBUS_PATH in the environment.
[ "$1" = online ] || [ "$1" = offline ] || { echo "usage: vif-route-ipv6 online|offline" >&2; exit 2; }
exec ${call} xen vif "$1" --path "$XENBUS_PATH"
`;
}
