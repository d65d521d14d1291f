# What the benchmarks share: one server of their own, on a free port, in a folder that goes away.
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export VIRIDIAN_NO_BUILD=1
server= port= output=$(mktemp)
trap 'stop_server; rm -f "$output"' EXIT

now() { date +%s%N; }
load() { cut -d ' ' -f 1-3 /proc/loadavg; }
free_port() { local p; while p=$((20000 + RANDOM % 12000)); (: >"/dev/tcp/127.0.0.1/$p") 2>/dev/null; do :; done; printf '%s' "$p"; }

start_server() { # options of `viridian up`
  port=$(free_port)
  "$home/viridian" up --ephemeral --port "$port" "$@" >"$output" 2>&1 &
  server=$!
}
stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
scope=${scope:-test/20260101/us-east-1/sts/aws4_request}
first_call() {
  kill -0 "$server" 2>/dev/null || { cat "$output" >&2; exit 1; }
  curl -sf -o /dev/null -m 5 -H "Authorization: AWS4-HMAC-SHA256 Credential=$scope, SignedHeaders=host, Signature=00" \
    -d 'Action=GetCallerIdentity&Version=2011-06-15' "http://127.0.0.1:$port/"
}
cpu_millis() { awk -v tick="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); print int(($12 + $13) * 1000 / tick) }' "/proc/$server/stat"; }
resident() { awk -v name="$1:" '$1 == name { print int($2 / 1024) }' "/proc/$server/status"; }
