#!/usr/bin/env bash
# What the load balancer's own code takes of a request's time: reading heads, finding rule and target, claiming (JMH).
# usage: bench/hot-path.sh [OPTIONS OF JMH]          needs: mvn, java 25
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
cd "$home"
JAVA_HOME=${JAVA_HOME:-$(ls -d /usr/lib/jvm/*25* 2>/dev/null | head -n 1)}
export JAVA_HOME
list=$(mktemp)
trap 'rm -f "$list"' EXIT
mvn -q -B -ntp -pl proxy -am -DskipTests test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "proxy/target/test-classes:proxy/target/classes:engine/target/classes:$(cat "$list")" org.openjdk.jmh.Main "${@:-HotPathBenchmark}"
