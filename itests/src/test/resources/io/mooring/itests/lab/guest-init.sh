# Continues init-stub.sh as process 1 of a guest. From the kernel's command line: labname, labip and labip6 with prefix.
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run -o mode=755
mount -t tmpfs tmpfs /tmp -o mode=1777
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
hostname "$labname"

# The tree is shared and read-only: what must be written is covered.
mkdir -p /run/rpcbind /run/lock /run/sendsigs.omit.d /run/nfs/sm /run/nfs/sm.bak /run/nfs/rpc_pipefs
touch /run/nfs/etab /run/nfs/rmtab
chown -R statd /run/nfs
mount --bind /run/nfs /var/lib/nfs
mkdir -p /mnt/nfs /mnt/own
printf '127.0.0.1 localhost\n%s %s\n' "${labip%/*}" "$labname" > /run/hosts
mount --bind /run/hosts /etc/hosts

modprobe -q ipv6
echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad 2> /dev/null
echo 0 > /proc/sys/net/ipv6/conf/vec0/accept_dad 2> /dev/null
ip link set lo up
ip addr add "$labip" dev vec0
ip link set vec0 up
ip -6 addr add "$labip6" dev vec0 nodad 2> /dev/null

# mount wants statd to be there for locks; port 111 and these are the guest's own.
rpcbind -w
rpc.statd -p 32765 -o 32766

echo up > /mnt/box/booted
exec /bin/bash /mnt/box/agent
