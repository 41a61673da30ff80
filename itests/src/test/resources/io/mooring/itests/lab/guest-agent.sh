# Runs the commands that the host puts into the mailbox: in/ID.sh gives out/ID.out and then, as the last, out/ID.rc.
# The file "poweroff" ends the guest, "killjobs" ends all that commands started; the answer is that the file is gone.
# "read -t" on a fifo waits without a fork: forks are dear in User Mode Linux.
set -m # each command is a process group of its own
cd /
mkfifo /run/tick
exec 9<> /run/tick
shopt -s nullglob
groups=()
while :; do
  for file in /mnt/box/in/*.sh; do
    id=${file##*/}
    id=${id%.sh}
    # Not to a place in the guest that a test may fill.
    mv "$file" "/mnt/box/out/$id.sh"
    (
      bash "/mnt/box/out/$id.sh" > "/mnt/box/out/$id.out" 2>&1 < /dev/null 9>&-
      echo $? > "/mnt/box/out/$id.tmp"
      mv "/mnt/box/out/$id.tmp" "/mnt/box/out/$id.rc"
    ) &
    groups+=($!)
  done
  if [ -e /mnt/box/killjobs ]; then
    for group in "${groups[@]}"; do kill -9 -- "-$group"; done 2> /dev/null
    groups=()
    rm -f /mnt/box/killjobs
  fi
  if [ -e /mnt/box/poweroff ]; then
    rm -f /mnt/box/poweroff
    busybox poweroff -f
  fi
  read -t 0.05 -u 9
done
