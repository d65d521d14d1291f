#!/usr/bin/env bash
# Simple calls per second, and the server's CPU for each: sts get-caller-identity unverified and with a verified signature, and a small S3 object.
# usage: bench/calls.sh [CONNECTIONS] [SECONDS]          needs: curl, java
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"
connections=${1:-8} seconds=${2:-10}
java=${JAVA_HOME:-/usr}/bin/java
printf 'load before: %s\n' "$(load)"
measure() {
  printf '%-9s' "$1"
  "$java" "$home/bench/Calls.java" "$port" "$server" "$1" "$connections" "$seconds"
}
start_server --auth open
until first_call; do sleep 0.1; done
measure open
stop_server
start_server
until curl -sf -o /dev/null "http://127.0.0.1:$port/_localstack/health"; do sleep 0.1; done
measure verified
stop_server
start_server --auth open
scope=test/20260101/us-east-1/s3/aws4_request
until first_call; do sleep 0.1; done
signed="Authorization: AWS4-HMAC-SHA256 Credential=$scope, SignedHeaders=host, Signature=00"
curl -sf -o /dev/null -X PUT -H "$signed" "http://127.0.0.1:$port/bench"
head -c 4096 /dev/zero | curl -sf -o /dev/null -T - -H "$signed" "http://127.0.0.1:$port/bench/object"
measure bucket
printf 'resident after all of it: %d MiB\n' "$(resident VmRSS)"
