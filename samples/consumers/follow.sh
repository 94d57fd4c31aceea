#!/bin/sh
# Written from feeds/README.md alone; "section" means a section there. It needs curl 7.84 and
# sqlite3 3.38, and compares digests of values out of line where there is a command sha256sum.
set -u
export LC_ALL=C

usage='usage: follow.sh FEED_URL FILE.db [--every SECONDS] [--until-caught-up]

Follow an EventFeed feed into a SQLite file, each event exactly once. SECONDS is a whole
number, 2 if it is not given. With --until-caught-up it ends when all is read.

Examples:
  follow.sh http://127.0.0.1:2113/ copy.db
  follow.sh http://127.0.0.1:2113/feed.ndjson copy.db --until-caught-up

Exit status: 0 caught up, or ended by TERM or INT; 64 wrong usage; 74 a file cannot be used;
76 another history, or an answer that does not get better.'
stop() { code=$1; shift; printf 'follow.sh: %s\n' "$*" >&2; exit "$code"; }
sql() { sqlite3 -init /dev/null -bail -cmd '.timeout 30000' "$@"; }

feed='' file='' every=2 until_caught_up=''
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) printf '%s\n' "$usage"; exit 0 ;;
    --every) every=${2-}; [ $# -lt 2 ] || shift ;;
    --until-caught-up) until_caught_up=yes ;;
    -*) stop 64 "unknown option $1; see --help" ;;
    *) if [ -z "$feed" ]; then feed=$1; elif [ -z "$file" ]; then file=$1; else every=''; fi ;;
    esac
    shift
done
printf '%s\n' "$every" | grep -Eqx '[1-9][0-9]{0,4}' && [ "$file" ] &&
    printf '%s\n' "$feed" | grep -Eqx 'https?://[^?#]+' || stop 64 "$usage"
case $feed in *://*/*) root=${feed%/*}/ ;; *) root=$feed/ ;; esac
case $file in /*) ;; *) file=$PWD/$file ;; esac

# curl and sleep run behind `wait`, so that TERM and INT end them at once; sqlite3 is waited out.
folder=${TMPDIR:-/tmp}/follow.sh.$$ child=''
mkdir -m 700 "$folder" && cd "$folder" || stop 74 "cannot make the folder $folder"
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; cd / && rm -rf "$folder"' EXIT
trap 'exit 0' TERM INT HUP
waited() { child=$!; wait "$child"; set -- $?; child=''; return "$1"; }

again() { # MESSAGE [bad]: the same once more after a pause, but not for ever if the answer was bad
    bad=$((bad + $# - 1))
    [ "$bad" -lt 10 ] || stop 76 "$1; $bad bad answers in a row"
    printf 'follow.sh: %s; again in %s s\n' "$1" $((pause + $$ % 3)) >&2
    sleep $((pause + $$ % 3)) & waited
    pause=$((pause < 32 ? 2 * pause : pause))
}
# curl repeats by itself what fails in passing (no connection, time out, 408, 429, 5xx), with pauses
# that double or are those of Retry-After. It bounds only a length that is announced: ulimit, in
# blocks of 512 bytes, bounds the rest.
get() { # REFERENCE FILE BYTES: the body into FILE; status and facts, in one line, into `facts`
    : >"$2"
    ( ulimit -f $(($3 / 512 + 1)); exec curl -q -gL --no-progress-meter --compressed -o "$2" \
        --proto =http,https --proto-redir "=https,${feed%%:*}" --max-redirs 5 --connect-timeout 10 \
        --max-time 120 --retry 9 --retry-connrefused --retry-max-time 300 -A eventfeed-follow.sh \
        -w "$format" "$root$1" ) >facts & waited
}
format='%{http_code} %header{eventfeed-format} %header{eventfeed-epoch} %header{eventfeed-after} '\
'%header{eventfeed-scanned-to} %header{eventfeed-head} %header{eventfeed-chain-after} '\
'%header{eventfeed-chain}%header{eventfeed-filter} %{content_type}\n'
digits='(0|[1-9][0-9]{0,17})' hash='[0-9a-f]{64}'
sound="200 [^ ]+ [0-9a-f-]{36} $digits $digits $digits $hash $hash application/x-ndjson( *;.*)?"

# The lines become a table `event` in the throw-away file batch.db. SQLite's JSON functions would
# write JSON anew, so `data` and `metadata` are cut out of the line: in the strings before it each
# quote is `\"`, hence the first `"data":` is the member's name (7.1), and the value ends at the
# line's end, or before the first `,"metadata` that leaves valid JSON.
columns='number INTEGER PRIMARY KEY, stream TEXT, version INTEGER, type TEXT, id TEXT,
    recorded_at TEXT, media_type TEXT, data, metadata'
take_lines() {
    rm -f batch.db
    sql batch.db >/dev/null <<END
PRAGMA journal_mode = OFF;
CREATE TABLE event($columns);
CREATE TABLE line(line TEXT);
.mode ascii
.separator \037 \n
.import body line
WITH RECURSIVE copied(line, tail) AS (
    SELECT line, substr(line, instr(line, '"data":') + 7, length(line) - instr(line, '"data":') - 7)
    FROM line WHERE line->'data' IS NOT NULL),
cut(line, tail, size) AS (
    SELECT line, tail, instr(tail || ',"metadata', ',"metadata') - 1 FROM copied
    UNION ALL
    SELECT line, tail, size + instr(substr(tail || ',"metadata', size + 2), ',"metadata')
    FROM cut WHERE size < length(tail) AND NOT json_valid(substr(tail, 1, size))),
part(line, data, rest) AS (
    SELECT line, substr(tail, 1, size), substr(tail, size + 1)
    FROM cut WHERE json_valid(substr(tail, 1, size))
    UNION ALL
    SELECT line, line->>'dataText', substr(line, 1, length(line) - 1)
    FROM line WHERE line->'data' IS NULL)
INSERT INTO event SELECT line->>'number', line->>'stream', line->>'version', line->>'type',
    line->>'id', line->>'recordedAt', line->>'mediaType', data,
    CASE WHEN line->'metadata' IS NULL THEN line->>'metadataText'
    ELSE substr(rest, instr(rest, '"metadata":') + 11) END FROM part;
CREATE TABLE other AS SELECT CAST(line->>'number' AS INTEGER) AS number, 'data' AS kind,
    line->>'dataBase64' AS base64, line->>'dataLength' AS length, line->>'dataDigest' AS digest
    FROM line UNION ALL SELECT CAST(line->>'number' AS INTEGER), 'metadata',
    line->>'metadataBase64', line->>'metadataLength', line->>'metadataDigest' FROM line;
END
}
# sqlite3 3.40 cannot decode base64, so awk writes it as a hexadecimal literal.
to_updates='BEGIN { digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" }
length($3) % 4 || $3 !~ /^[A-Za-z0-9+\/]*=?=?$/ { exit 1 }
{
    size = length($3); spare = 2 * ($3 ~ /=$/) + 2 * ($3 ~ /==$/)
    printf "UPDATE event SET %s = x\047", $2
    for (i = 1; i <= size; i += 4) {
        bits = 0
        for (j = i; j < i + 4; j++) bits = bits * 64 + (index(digits, substr($3, j, 1)) + 63) % 64
        printf "%s", substr(sprintf("%06X", bits), 1, i + 4 > size ? 6 - spare : 6)
    }
    printf "\047 WHERE number = %s;\n", $1
}'
take_other_values() {
    sql batch.db 'SELECT number, kind, base64 FROM other WHERE base64 IS NOT NULL' >base64 &&
        awk -F'|' "$to_updates" base64 >updates && sql batch.db <updates || return 1
    sql batch.db 'SELECT number, kind, length, digest FROM other WHERE length IS NOT NULL' >away
    while IFS='|' read -r of kind length digest; do
        get "feed/$(printf '%.13s' "$new_epoch" | tr -d -)/$kind/$of" value 4194304 &&
            [ "$(cut -c1-3 facts) $(($(wc -c <value)))" = "200 $length" ] || return 1
        ! command -v sha256sum >/dev/null || [ "$(sha256sum <value)" = "$digest  -" ] || return 1
        sql batch.db "UPDATE event SET $kind = readfile('value') WHERE number = $of" || return 1
    done <away
}

pause=1 bad=0 # seconds before the next attempt; bad answers in a row
sql "$file" "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS event($columns);
    CREATE TABLE IF NOT EXISTS checkpoint(number INTEGER, epoch TEXT, chain TEXT);
    INSERT INTO checkpoint SELECT 0, NULL,
        'f0bc86823b997bdd07ea660691dc3d1b5c0a021960cc9b2715513ff9aa490785'
        WHERE NOT EXISTS (SELECT 1 FROM checkpoint); COMMIT" || stop 74 "$file cannot be used"
while checkpoint=$(sql "$file" 'SELECT number, epoch, chain FROM checkpoint'); do
    IFS='|' read -r number epoch chain <<END
$checkpoint
END
    asked="feed.ndjson?after=$number&limit=500"
    get "$asked" body 8847360
    result=$?
    read -r status format_is new_epoch after through head chain_after new_chain _ <facts
    case $result:$status in
    0:200) ;;
    0:404) # the server lags, or has another history (sections 9 and 15)
        grep -q '"type":"urn:eventfeed:problem:after-head"' body || stop 76 "$asked: status 404"
        grep -q "\"epoch\":\"${epoch:-.*}\"" body || stop 76 "epoch $epoch is gone: $(cat body)"
        again "the feed's head is before $number: it lags"; continue ;;
    23:* | 153:*) again "$asked: the answer is too large" bad; continue ;;
    1:* | 3:* | 47:*) stop 76 "$asked: the address or a redirect from it is not followed" ;;
    0:408 | 0:429 | 0:5??) pause=60; again "$asked: status $status"; continue ;;
    [!0]*) again "$asked: no answer"; continue ;;
    *) stop 76 "$asked: status $status" ;;
    esac
    grep -Eqx "$sound" facts && [ "$after" = "$number" ] && [ "$head" -ge "$through" ] &&
        { [ "$through" -gt "$number" ] || [ "$through:$head" = "$number:$number" ]; } ||
        { again "$asked: no EventFeed headers that fit" bad; continue; }
    [ "$format_is" = 1 ] || stop 76 "format 1 was expected, $format_is came"
    [ "$new_epoch" = "${epoch:-$new_epoch}" ] ||
        stop 76 "epoch $epoch was expected, $new_epoch came: this is another history"
    [ "$chain_after" = "$chain" ] ||
        stop 76 "chain $chain was expected at $number, $chain_after came: this is another history"
    if [ "$through" -gt "$number" ]; then
        whole="$((through - number))|$((number + 1))|$through|$((through - number))"
        take_lines && take_other_values && [ "$whole" = "$(sql batch.db \
            'SELECT count(*), min(number), max(number), count(data) FROM event')" ] ||
            { again "$asked: a hole, or lines or values that cannot be used" bad; continue; }
        if sql "$file" <<END
ATTACH 'batch.db' AS batch;
CREATE TEMP TABLE moved(rows CHECK (rows = 1));
BEGIN IMMEDIATE;
UPDATE checkpoint SET number = $through, epoch = '$new_epoch', chain = '$new_chain'
    WHERE number = $number AND chain = '$chain' AND ifnull(epoch, '$new_epoch') = '$new_epoch';
INSERT INTO moved SELECT changes();
INSERT INTO main.event SELECT * FROM batch.event;
COMMIT;
END
        then :
        elif [ "$(sql "$file" 'SELECT number FROM checkpoint')" != "$number" ]; then
            again 'another program has moved the checkpoint'; continue
        else break
        fi
    fi
    pause=1 bad=0
    [ "$through" -eq "$head" ] || continue
    [ -z "$until_caught_up" ] || exit 0
    sleep "$every" & waited
done
stop 74 "$file cannot be used"
