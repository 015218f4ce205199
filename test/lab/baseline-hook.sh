#!/bin/sh
# The method to beat, as a dhcpcd hook in our own words: for each message that carries a delegated prefix, empty two
# chains of the nat table and fill them again, one ip6tables call a rule. The calls and their order are the method's;
# so is what it leaves undone: no lifetimes, only the first prefix of the first IA, no expiry, no conntrack, no lock.
# `inside` comes from baseline.conf beside this file; the record of the prefix is kept there, too.
set -e
here=$(dirname "$0")
. "$here/baseline.conf"
record="$here/baseline.prefix"
wan=eth0
mark=0x5179a7e

nat() { ip6tables -t nat "$@"; }

translate_to() {
  nat -N external_dnat 2>/dev/null || true
  nat -N external_snat 2>/dev/null || true
  nat -F external_dnat
  nat -F external_snat
  nat -A external_dnat -i "$wan" -d "$1" -j NETMAP --to "$inside"
  nat -A external_snat -o "$wan" -s "$inside" -j NETMAP --to "$1"
  # From inside to an outside address of our own: marked on the way in, so that on the way out it gets an outside source.
  nat -A external_dnat ! -i "$wan" -s "$inside" -d "$1" -j MARK --set-mark "$mark"
  nat -A external_dnat ! -i "$wan" -s "$inside" -d "$1" -j NETMAP --to "$inside"
  nat -A external_snat ! -i "$wan" -s "$inside" -m mark --mark "$mark" -j NETMAP --to "$1"
}

[ -n "$new_dhcp6_ia_pd1_prefix1" ] || exit 0

length=$(printf '%s' "$inside" | cut -d / -f 2)
if [ "$new_dhcp6_ia_pd1_prefix1_length" -ne "$length" ]; then
  echo "baseline: a /$new_dhcp6_ia_pd1_prefix1_length does not fit the inside /$length"
  exit 1
fi
prefix=$new_dhcp6_ia_pd1_prefix1/$length
before=
[ ! -f "$record" ] || before=$(cat "$record")
if [ "$before" = "$prefix" ]; then
  # Asks the wrong table, as the method does: never true, so that every renewal rebuilds the rules.
  if ip6tables -t mangle -L external_dnat -n -v 2>/dev/null | grep -q -F "$prefix"; then exit 0; fi
fi
translate_to "$prefix"
mkdir -p "$(dirname "$record")"
printf '%s' "$prefix" >"$record"
