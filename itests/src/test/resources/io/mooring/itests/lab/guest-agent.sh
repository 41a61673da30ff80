# Runs the commands that the host puts into the mailbox: in/ID.sh gives out/ID.out and then, as the last, out/ID.rc.
# "read -t" on a fifo waits without a fork: forks are dear in User Mode Linux.
cd /
mkfifo /tmp/.tick
exec 9<> /tmp/.tick
shopt -s nullglob
while :; do
  for file in /mnt/box/in/*.sh; do
    id=${file##*/}
    id=${id%.sh}
    cp "$file" "/tmp/$id.sh"
    rm -f "$file"
    (
      bash "/tmp/$id.sh" > "/mnt/box/out/$id.out" 2>&1 < /dev/null 9>&-
      echo $? > "/mnt/box/out/$id.tmp"
      mv "/mnt/box/out/$id.tmp" "/mnt/box/out/$id.rc"
    ) &
  done
  if [ -e /mnt/box/poweroff ]; then
    rm -f /mnt/box/poweroff
    busybox poweroff -f
  fi
  read -t 0.05 -u 9
done
