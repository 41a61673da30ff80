# Says what a guest that does not come to an end is at: processes that wait in the kernel, calls that wait for a reply, connections.
for stat in /proc/[0-9]*/stat; do
  line=$(cat "$stat" 2> /dev/null) || continue
  state=${line##*) }
  case $state in
    [DR]*) echo "${line%%)*}) ${state%% *} in $(cat "${stat%stat}wchan" 2> /dev/null)" ;;
  esac
done
mount -t debugfs debugfs /sys/kernel/debug 2> /dev/null
for tasks in /sys/kernel/debug/sunrpc/rpc_clnt/*/tasks; do [ -s "$tasks" ] && head -5 "$tasks"; done
grep -h '^[[:space:]]*xprt:' /proc/self/mountstats
ss -tnoi '( dport = :2049 or dport = :4045 or sport = :2049 or sport = :4045 )' | head -12
ip -s link show vec0
ip neigh
dmesg 2> /dev/null | tail -3
