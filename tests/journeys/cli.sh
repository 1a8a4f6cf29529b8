#!/usr/bin/env bash
# The command line from outside: exit codes, strictness, accounts, holidays, start and stop.
set -euo pipefail
cd "$(dirname "$0")/../.."
yidan=$PWD/${BUILD:-build}/yidan
[ "${BUILD:-build}" = "${BUILD#/}" ] || yidan=$BUILD/yidan
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export LC_ALL=C

# expect CODE PATTERN command...: exit code and a line of its output ('': any).
expect() {
    local code=$1 pattern=$2 got=0
    shift 2
    "$@" >"$work/out" 2>&1 || got=$?
    if [ "$got" != "$code" ] || { [ -n "$pattern" ] && ! grep -qE -- "$pattern" "$work/out"; }; then
        echo "cli: $*: exit $got, not $code, or no /$pattern/ in:" >&2
        cat "$work/out" >&2
        exit 1
    fi
}

data=$work/data

# Help and strictness.
expect 2 'usage: yidan' "$yidan"
expect 0 'usage: yidan' "$yidan" --help
expect 2 'no such command' "$yidan" dance
for command in serve init user token calendar erase verify config version; do
    expect 0 "usage: yidan $command" "$yidan" "$command" --help
    expect 2 'unknown option --nonsense' "$yidan" "$command" --nonsense 1
    expect 2 'unknown option -x' "$yidan" "$command" -x
done
expect 2 'needs a value' "$yidan" serve --listen
expect 2 'unexpected argument' "$yidan" serve now
expect 78 'no such setting: YIDAN_FOO' env YIDAN_FOO=1 "$yidan" config
expect 78 'unacceptable value: http_threads' "$yidan" config --http-threads 0
echo 'nonsense = 1' >"$work/bad.conf"
expect 78 'bad.conf:1: nonsense' "$yidan" config --config "$work/bad.conf"
expect 0 '^yidan [0-9.]+, schema [0-9]+$' "$yidan" version

# Where a setting comes from: later ones win, and a secret is not shown.
printf 'log_level = warn\nhttp_threads = 2\narea_code = 0577\n' >"$work/good.conf"
expect 0 '^log_level = error$' env YIDAN_LOG_LEVEL=debug "$yidan" config \
    --config "$work/good.conf" --log-level=error --monitor-token hush
grep -A1 '^log_level = ' "$work/out" | grep -q '# flag;'
grep -A1 '^http_threads = 2' "$work/out" | grep -q '# file;'
grep -A1 '^listen = ' "$work/out" | grep -q '# default;'
grep -q '^monitor_token = (set)$' "$work/out"

# Accounts.
expect 0 'is ready' "$yidan" init --data "$data"
add() { printf '%s\n' "$1" | "$yidan" user add --data "$data" "${@:2}"; }
expect 2 'password-stdin' "$yidan" user add --data "$data" --login a --name A --unit office \
    --role admin
expect 2 '10 to 128 characters' add short --login a --name A --unit office --role admin \
    --password-stdin
expect 2 'no such role: king' add 'long enough' --login a --name A --unit office \
    --role admin,king --password-stdin
expect 1 'unit' add 'long enough' --login a --name A --unit nowhere --role admin \
    --password-stdin
expect 0 '' add 'long enough' --login a --name 管理员 --unit office --role admin,clerk \
    --password-stdin
expect 1 'login' add 'long enough' --login A --name A --unit office --role clerk \
    --password-stdin
expect 0 '' add 'long enough' --login b --name B --unit office --role clerk --password-stdin
expect 1 'last administrator' "$yidan" user disable --data "$data" --login a
expect 0 '' "$yidan" user disable --data "$data" --login b
expect 0 $'^a\t管理员\toffice\tclerk,admin\tenabled$' "$yidan" user list --data "$data"
grep -q $'^b\tB\toffice\tclerk\tdisabled$' "$work/out"
expect 1 'not found' bash -c "echo 'long enough' | $yidan user passwd --data $data --login c \
    --password-stdin"

# Tokens: the secret is printed once, and never listed.
token() { "$yidan" token "$@" --data "$data"; }
expect 2 'needs --name and --scope' token add --name A
expect 2 'no such scope: king' token add --name A --scope sms,king
expect 2 'days is 1 to' token add --name A --scope sms --days 0
expect 1 'platform' token add --name A --scope upstream
expect 0 '^yidan_1_[A-Za-z0-9_-]{43}$' token add --name 短信网关 --scope sms,switchboard --days 90
expect 1 'name' token add --name 短信网关 --scope sms
expect 0 $'^1\t短信网关\tswitchboard,sms\t-\tcreated 20' token list
if grep -q yidan_ "$work/out"; then exit 1; fi
expect 0 '' token remove --id 1
expect 1 'not found' token remove --id 1
expect 0 '' token list
[ ! -s "$work/out" ]

# Holidays: a difference first, then the effect; bad rows by number.
printf 'date,type,name\n2031-01-01,holiday,元旦\n2031-01-32,holiday,x\n' >"$work/bad.csv"
expect 1 'bad.csv:3: ' "$yidan" calendar import "$work/bad.csv" --data "$data"
printf '2031-01-01,holiday,元旦\n' >"$work/good.csv"
expect 0 '2031-01-01  plain -> holiday  \(moves deadlines\)' "$yidan" calendar import \
    --dry-run "$work/good.csv" --data "$data"
expect 0 'has not been entered' "$yidan" calendar show 2031 --data "$data"
expect 0 '^1 years entered$' "$yidan" calendar import "$work/good.csv" \
    --data "$data"
expect 0 '^2031-01-01,holiday,元旦$' "$yidan" calendar show 2031 --data "$data"
expect 0 '^2026-10-01,holiday,' "$yidan" calendar show 2026 --data "$data"
expect 2 'not a year' "$yidan" calendar show next --data "$data"

# Erasure says why, and only what is there.
expect 2 '--reason needs a text' "$yidan" erase 20260101-R0001 --data "$data"
expect 1 'not found' "$yidan" erase 20260101-R0001 --reason 'as asked' --data "$data"
expect 1 'not found' "$yidan" erase 20260101-R0001 --dry-run --data "$data"

# An empty directory is enough to serve; a second server is refused; SIGTERM ends it well.
mkfifo "$work/said"
"$yidan" serve --data "$work/empty" --listen 127.0.0.1:0 >"$work/said" 2>"$work/log" &
server=$!
read -r said <"$work/said"
[[ $said =~ ^listening\ on\ http://127\.0\.0\.1:[0-9]+$ ]] || { echo "cli: $said" >&2; exit 1; }
expect 0 '"status":"ready"' curl -sf "${said#listening on }/readyz"
expect 1 'in use by another process' "$yidan" serve --data "$work/empty" --listen 127.0.0.1:0
expect 0 '' "$yidan" user list --data "$work/empty"
expect 0 '; 0 found$' "$yidan" verify --data "$work/empty"
expect 1 'in use by another process' "$yidan" erase 20260101-R0001 --reason x --data "$work/empty"
kill -TERM "$server"
wait "$server" || { echo "cli: serve ended with $?" >&2; exit 1; }
server=
grep -q '"event":"stopped"' "$work/log"

# A newer database is refused untouched.
sqlite3 "$data/yidan.db" 'PRAGMA user_version = 9999' 2>/dev/null ||
    python3 -c "import sqlite3; sqlite3.connect('$data/yidan.db').execute('PRAGMA user_version = 9999')"
expect 78 'newer' "$yidan" serve --data "$data" --listen 127.0.0.1:0
echo 'cli: passed'
