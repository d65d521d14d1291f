#!/usr/bin/env bash
# From process start to the first answered API call (sts get-caller-identity), and what the process holds when idle.
# usage: bench/start.sh [RUNS]          needs: curl
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"
runs=${1:-10}
VIRIDIAN_NO_BUILD= "$home/viridian" --version >/dev/null # builds and trains when something changed
printf 'load before: %s\n' "$(load)"
for ((i = 1; i <= runs; i++)); do
  begin=$(now)
  start_server --auth open
  until first_call; do sleep 0.005; done
  end=$(now)
  cpu=$(cpu_millis)
  sleep 3
  printf 'run %-2d  first answer %5d ms  cpu until then %5d ms  resident idle %4d MiB (anonymous %d)  threads %d\n' \
    "$i" $(((end - begin) / 1000000)) "$cpu" "$(resident VmRSS)" "$(resident RssAnon)" "$(ls "/proc/$server/task" | wc -l)"
  stop_server
done
for command in --help status; do
  begin=$(now)
  "$home/viridian" "$command" >/dev/null 2>&1 || true
  printf 'viridian %-7s %5d ms\n' "$command" $((($(now) - begin) / 1000000))
done
