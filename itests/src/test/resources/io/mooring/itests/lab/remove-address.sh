# Removes an address and watches its sockets until none but TIME-WAIT is left; run inside a node's namespace.
# $1: address, $2: its prefix length, $3: interface, $4: seconds to watch at most
# One line per look: microseconds from the end of the removal to the end of the look, and the number of sockets left.
ip addr del "$1/$2" dev "$3" || exit 1
removed=${EPOCHREALTIME/[.,]/}
while :; do
  left=$(ss -tnaH src "$1" | grep -v '^TIME-WAIT')
  now=${EPOCHREALTIME/[.,]/}
  count=0
  [ -z "$left" ] || count=$(wc -l <<< "$left")
  echo "$((now - removed)) $count"
  [ "$count" = 0 ] && exit 0
  [ $((now - removed)) -lt $(($4 * 1000000)) ] || break
done
echo "$left" >&2
exit 2
