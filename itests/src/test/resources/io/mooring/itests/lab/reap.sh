# Ends a lab when the process that made it closes this script's standard input, by intention or by dying, in whatever
# way. Every process of a lab lives in one of its network namespaces, so the kernel knows them all.
# $1: what the names of the lab's namespaces begin with; $2: its temporary directory
trap '' INT TERM HUP
cat > /dev/null
for namespace in $(ip netns list | cut -d' ' -f1 | grep "^$1-"); do
  for round in 1 2 3 4 5 6 7 8 9 10; do
    pids=$(ip netns pids "$namespace")
    [ -n "$pids" ] || break
    kill -9 $pids 2> /dev/null
    sleep 0.1
  done
  ip netns del "$namespace"
done
case $2 in */mooring-lab*) rm -rf "$2" ;; esac
