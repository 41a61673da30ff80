# Starts a server in a guest with the programs of this machine's own tree, which is seen read-only at /mnt/host. What the server
# writes lies in /mnt/host/mnt, where the guest mounted something before: every tree has that directory.
# Arguments: the words of the server's command; ends when it listens, or fails with what it printed.
set -e
mount -t devtmpfs none /mnt/host/dev
mount -t proc proc /mnt/host/proc
mount --bind /etc/hosts /mnt/host/etc/hosts
log=/mnt/box/server.log
setsid chroot /mnt/host "$@" > "$log" 2>&1 &
server=$!
mkfifo /run/wait
exec 8<> /run/wait
until { exec 3<> /dev/tcp/127.0.0.1/2049; } 2> /dev/null; do
  kill -0 $server 2> /dev/null || { cat "$log"; exit 1; }
  read -r -t 0.1 -u 8 || true # a pause without a fork, which is dear here
done
