#!/bin/sh
# run.sh BINARIES [REPOSITORY]: serves a store, loads the history of a git repository (or the
# bundled one), follows it into a read model from a second process, and serves until Ctrl-C.
#
# LISTEN (default 127.0.0.1:2113) says where; another free port is taken where that one is in use.
set -eu

binaries=$1
repository=${2:-.}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${RUN_FOLDER:-$root/.build/run}
eventfeed=$binaries/eventfeed

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n%s\n' "$*"; }

# Each run starts from nothing; what the last one left is only looked at until then.
rm -rf "$folder"
mkdir -p "$folder"

server=""
follower=""
stop() {
    trap - EXIT INT TERM
    # Both stop gently: requests end, the batch in hand is committed.
    for child in $follower $server; do kill -TERM "$child" 2>/dev/null || true; done
    for child in $follower $server; do wait "$child" 2>/dev/null || true; done
    exit "${1:-0}"
}
trap 'stop $?' EXIT
trap 'stop 0' INT TERM

start_server() { # start_server HOST:PORT
    "$eventfeed" serve --data "$folder/store.db" --title "Git history" --listen "$1" \
        >"$folder/serve.out" 2>"$folder/serve.log" &
    server=$!
    while ! [ -s "$folder/serve.out" ]; do
        kill -0 "$server" 2>/dev/null || { server=""; return 1; }
        sleep 0.1
    done
}

say "A server with an embedded store:"
listen=${LISTEN:-127.0.0.1:2113}
start_server "$listen" || start_server "${listen%:*}:0" || { cat "$folder/serve.log" >&2; exit 1; }
cat "$folder/serve.out"
url=$(sed -n 's/^.*\(http:[^ ,]*\).*$/\1/p' "$folder/serve.out" | head -n 1)
url=${url%/}

say "A writer that loads events over HTTP:"
if command -v git >/dev/null 2>&1 && git -C "$repository" rev-parse HEAD >/dev/null 2>&1; then
    name=$(basename "$(git -C "$repository" rev-parse --show-toplevel)")
    echo "the log of the git repository $name"
    git -C "$repository" log --reverse -z --no-renames --name-status \
        --format='format:%x01%H%x02%P%x02%cI%x02%s%x03' |
        "$binaries/git-history" "$name" >"$folder/history.ndjson"
    history=$folder/history.ndjson
else
    echo "the bundled history of a tea timer"
    history=$here/history.ndjson
fi
"$eventfeed" append "$url" --ndjson "$history"

say "A subscriber in a process of its own, polling every 2 seconds:"
"$eventfeed" subscribe "$url" --into "$folder/copy.db" --until-caught-up
"$eventfeed" subscribe "$url" --into "$folder/copy.db" --every 2s >"$folder/subscribe.out" \
    2>"$folder/subscribe.log" &
follower=$!
"$eventfeed" status "$folder/copy.db"

say "Its read model, asked in SQL: the files that changed most often"
query="SELECT data ->> 'path' AS file, count(*) AS changes, max(data ->> 'committedAt') AS latest
FROM event WHERE type LIKE 'File%' GROUP BY file ORDER BY changes DESC, file LIMIT 10"
if command -v sqlite3 >/dev/null 2>&1; then
    sqlite3 -readonly -header -column "$folder/copy.db" "$query"
else
    echo "(sqlite3 is not installed; the last events instead)"
    "$eventfeed" browse "$url" --last 10
fi

say "To try in another terminal:"
cat <<END
curl $url/feed                                   the newest events, as Atom
curl '$url/feed.json?after=0&limit=3'            what a polling subscriber asks
curl -L $url/feed/1-100                          a page that never changes
curl $url/events/1.json                          one event
curl -d '{"hello":"world"}' -H 'Event-Type: Greeted' -H 'Content-Type: application/json' \\
    $url/feed/streams/greeting-1
$eventfeed browse $url --follow
sqlite3 -readonly $folder/copy.db 'SELECT number, stream, type FROM event ORDER BY number DESC LIMIT 5'
END

say "Serving until Ctrl-C."
wait "$server"
