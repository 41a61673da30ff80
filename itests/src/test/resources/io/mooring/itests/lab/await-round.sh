# Waits until every user of load-as-users.py has ended the round that it is in.
# Arguments: UID...
for uid; do
    file=/tmp/rounds-$uid
    before=$(cat "$file" 2>/dev/null || echo 0)
    for i in $(seq 3000); do
        now=$(cat "$file" 2>/dev/null || echo 0)
        [ "$now" -gt "$before" ] && continue 2
        sleep 0.01
    done
    echo "the load of user $uid does not go on"
    exit 1
done
