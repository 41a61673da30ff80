#!/bin/sh
# The first process of every guest, a part of the guest tree. It only finds the mailbox that the host names on the
# kernel's command line (labbox=DIR) and goes on with the init script there, so that a new script needs no new tree.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
for word in $(cat /proc/cmdline); do case $word in lab*=*) export "$word" ;; esac; done
mount -t tmpfs tmpfs /mnt
mkdir /mnt/box
mount -t hostfs none /mnt/box -o "$labbox"
exec /bin/sh /mnt/box/init
