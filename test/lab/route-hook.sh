#!/bin/sh
# Kea's run_script hook at the provider's edge: a route to each delegated prefix through the client's link-local
# address, gone again when the lease is. Kea waits for it, so that the route stands before the REPLY leaves.
event=$1
lines=

put() { lines="${lines}route replace $1 via $QUERY6_REMOTE_ADDR dev brwan proto 99
"; }
drop() { lines="${lines}route del $1 proto 99
"; }

case $event in
leases6_committed)
  i=0
  while [ "$i" -lt "${DELETED_LEASES6_SIZE:-0}" ]; do
    eval "drop \"\$DELETED_LEASES6_AT${i}_ADDRESS/\$DELETED_LEASES6_AT${i}_PREFIX_LEN\""
    i=$((i + 1))
  done
  i=0
  while [ "$i" -lt "${LEASES6_SIZE:-0}" ]; do
    eval "type=\$LEASES6_AT${i}_TYPE prefix=\$LEASES6_AT${i}_ADDRESS/\$LEASES6_AT${i}_PREFIX_LEN valid=\$LEASES6_AT${i}_VALID_LIFETIME"
    if [ "$type" = IA_PD ]; then
      if [ "$valid" = 0 ]; then drop "$prefix"; else put "$prefix"; fi
    fi
    i=$((i + 1))
  done
  ;;
lease6_expire | lease6_release)
  [ "$LEASE6_TYPE" = IA_PD ] && drop "$LEASE6_ADDRESS/$LEASE6_PREFIX_LEN"
  ;;
esac

# -force: a route that is gone already is no reason to leave the rest undone.
[ -z "$lines" ] || printf '%s' "$lines" | ip -6 -force -batch - 2>/dev/null
exit 0
