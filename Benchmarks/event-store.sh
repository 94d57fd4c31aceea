#!/bin/sh
# Requests a second of the Event Store product's interface at 32 connections, beside two references
# of the same run: the smallest answer of the same server, and a file with one fdatasync a write.
#
#     sh Benchmarks/event-store.sh [SECONDS]
#
# It builds the release, serves a store in a folder of its own on loopback, and ends by itself.
# Needs wrk (apt-get install wrk), curl and python3.
set -eu

seconds=${1:-5}
case $seconds in
'' | *[!0-9]*)
    echo "event-store.sh: SECONDS is a whole number, not \"$seconds\"" >&2
    exit 64
    ;;
esac
for tool in wrk curl python3 swift; do
    command -v "$tool" >/dev/null || { echo "event-store.sh: $tool is missing" >&2; exit 69; }
done

root=$(cd "$(dirname "$0")/.." && pwd)
# EVENTFEED names a program that was built already.
program=${EVENTFEED:-}
if [ -z "$program" ]; then
    swift build --package-path "$root" -c release --product eventfeed >&2
    program=$(swift build --package-path "$root" -c release --show-bin-path)/eventfeed
fi

folder=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

"$program" serve --data "$folder/store.db" --listen 127.0.0.1:0 --log-level warning \
    >"$folder/line" &
server=$!
tries=0
until url=$(sed -n 's|^Listening at \(http://[^ ]*\)/ .*|\1|p' "$folder/line") && [ -n "$url" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ] || ! kill -0 "$server"; then
        echo "event-store.sh: the server did not start" >&2
        exit 70
    fi
    sleep 0.1
done

python3 - >"$folder/events.json" <<'PYTHON'
import json
print(json.dumps([
    {"eventId": "00000000-0000-4000-8000-%012d" % n, "eventType": "typeA",
     "data": {"n": n, "s": "v%d" % n}, "metadata": {"m": n}}
    for n in range(25)
]))
PYTHON
curl -sf -o "$folder/answer" "$url/streams/bench" --data-binary "@$folder/events.json" \
    -H 'Content-Type: application/vnd.eventstore.events+json'

tag=$(curl -s -D - -o /dev/null "$url/streams/bench" \
    -H 'Accept: application/vnd.eventstore.atom+json' | tr -d '\r' | sed -n 's/^ETag: //p')

cat >"$folder/append.lua" <<'LUA'
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
function init() n = 0; math.randomseed(os.time() + id); run = math.random(0, 0xFFFF) end
function request()
    n = n + 1
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["ES-EventType"] = "typeB"
    wrk.headers["ES-EventId"] = string.format("%08x-%04x-4000-8000-%012x", id, run, n)
    return wrk.format("POST", "/streams/append-" .. (n % 97), nil, '{"b":1}')
end
LUA

# measure NAME PATH [wrk's options]: prints requests a second, and the ratio to the first line.
first=
measure() {
    name=$1 path=$2
    shift 2
    wrk -t1 -c32 -d"${seconds}s" "$@" "$url$path" >"$folder/wrk"
    rate=$(sed -n 's/^Requests\/sec: *//p' "$folder/wrk")
    errors=$(sed -n 's/^ *Non-2xx or 3xx responses: *//p' "$folder/wrk")
    first=${first:-$rate}
    printf '%-34s %10.0f /s   %5.2f%s\n' "$name" "$rate" \
        "$(python3 -c "print($rate / $first)")" "${errors:+   $errors failed}"
}

measure 'reference: /healthz' /healthz
measure 'page of 20 entries, JSON' /streams/bench -H 'Accept: application/vnd.eventstore.atom+json'
measure 'page of 20 entries, XML' /streams/bench -H 'Accept: application/atom+xml'
measure 'the same, 304' /streams/bench -H 'Accept: application/vnd.eventstore.atom+json' \
    -H "If-None-Match: $tag"
measure 'single event, JSON' /streams/bench/3 -H 'Accept: application/vnd.eventstore.atom+json'
measure 'append of one event' / -s "$folder/append.lua"

python3 - "$folder/sync" <<'PYTHON'
import os, sys, time
file = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
end = time.monotonic() + 2
count = 0
while time.monotonic() < end:
    os.write(file, b"x" * 512)
    os.fdatasync(file)
    count += 1
print("%-34s %10.0f /s" % ("reference: write and fdatasync", count / 2))
PYTHON
