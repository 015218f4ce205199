#!/bin/sh
# Stands for nft, ip and conntrack in the PATH of one daemon: does what $FAULTS/NAME says, or is the tool itself.
# What is said is for as long as the file is there.
#   fail        ends with 1 and does nothing      late        waits before it works
#   hang        reads nothing and never ends      after-hang  works, and does not end
#   kill        is killed before it works         after-kill  works, and is killed before it can say so
#   half N      is killed at its Nth sendmsg      rubbish     works not, and prints half of something
unset LD_PRELOAD
name=${0##*/}
PATH=${PATH#*:}
mode=
# Only what works on the kernel: a tool that waits for input is started long before.
[ ! -e "$FAULTS/$name" ] || read -r mode count <"$FAULTS/$name"
case $mode in
  fail) echo "$name: made to fail" >&2; exit 1 ;;
  late) sleep 0.3; exec "$name" "$@" ;;
  hang) exec sleep 600 ;;
  kill) kill -KILL $$ ;;
  after-hang) "$name" "$@" && exec sleep 600 ;;
  after-kill) "$name" "$@"; kill -KILL $$ ;;
  half) exec strace -o /dev/null -e trace=sendmsg,sendto -e "inject=sendmsg,sendto:signal=KILL:when=$count" "$name" "$@" ;;
  rubbish) printf '{"nftables": [{"metainfo": {"vers'; exit 0 ;;
  *) exec "$name" "$@" ;;
esac
