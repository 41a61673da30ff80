# Turns the guest tree into the file system of a machine of its own: run by unshare(1) in new namespaces for mounts, processes
# and the host's name. The host's file system is /mnt in there; what must be written is in memory.
# $1: the tree; $2: the machine's name
set -e
root=$1
mount --rbind / "$root/mnt"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
for directory in dev/shm run tmp var/log var/lib/pacemaker var/lib/corosync usr/lib/ocf/resource.d; do
  mount -t tmpfs -o mode=755 tmpfs "$root/$directory"
  # As the package made it: owners and modes count.
  case $directory in var/* | usr/*) cp -a "$root/mnt$root/$directory/." "$root/$directory/" ;; esac
done
chmod 1777 "$root/tmp" "$root/dev/shm"
hostname "$2"
# The first process: reaps what daemons leave, and takes everything with it when it is killed.
exec chroot "$root" sh -c 'echo up; while :; do sleep 1000; done'
