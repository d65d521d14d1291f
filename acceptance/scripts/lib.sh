# Shared by the acceptance scripts: real tools pointed at the server under test, and ways to say what a user would see.
# Given: VIRIDIAN_HOME (the checkout), VIRIDIAN_DATA (the server's data folder), WORK (an empty folder of the script's own).
set -euo pipefail
cd "$WORK"
eval "$("$VIRIDIAN_HOME/viridian" env --data "$VIRIDIAN_DATA")"
export HOME="$WORK/home" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_AUTHOR_NAME=Tester GIT_AUTHOR_EMAIL=tester@example.com \
  GIT_COMMITTER_NAME=Tester GIT_COMMITTER_EMAIL=tester@example.com AWS_EC2_METADATA_DISABLED=true
mkdir -p "$HOME"
# Debian's aws 2.9 does not know AWS_ENDPOINT_URL; also inside git's credential helper.
mkdir -p "$WORK/bin"
real_aws=${AWS_CLI:-/usr/bin/aws}
printf '#!/bin/sh\nexec %s --endpoint-url "%s" "$@"\n' "$real_aws" "$AWS_ENDPOINT_URL" >"$WORK/bin/aws"
chmod +x "$WORK/bin/aws"
unset -f aws
export PATH="$WORK/bin:$PATH"

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# expect WHAT WANTED COMMAND...: the command prints exactly this
expect() {
  local what=$1 wanted=$2 found
  shift 2
  found=$("$@" 2>&1) || true
  [ "$found" = "$wanted" ] || fail "$what: wanted '$wanted', found '$found' ($*)"
  printf 'ok  %s: %s\n' "$what" "$(printf '%s' "$found" | tr '\n' ' ' | cut -c 1-100)"
}

# expect_in WHAT PART COMMAND...: what the command prints contains this
expect_in() {
  local what=$1 wanted=$2 found
  shift 2
  found=$("$@" 2>&1) || true
  case $found in *"$wanted"*) printf 'ok  %s: %s\n' "$what" "$wanted" ;; *) fail "$what: wanted '$wanted' in '$found' ($*)" ;; esac
}

# eventually WHAT SECONDS WANTED COMMAND...: it prints this within so many seconds
eventually() {
  local what=$1 limit=$2 wanted=$3 found='' end
  shift 3
  end=$((SECONDS + limit))
  while [ $SECONDS -le $end ]; do
    found=$("$@" 2>&1) || true
    if [ "$found" = "$wanted" ]; then printf 'ok  %s: %s\n' "$what" "$found"; return; fi
    sleep 0.3
  done
  fail "$what: waited $limit s for '$wanted', last found '$found' ($*)"
}

# refused WHAT CODE COMMAND...: the command fails and names this error code
refused() {
  local what=$1 code=$2 found
  shift 2
  if found=$("$@" 2>&1); then fail "$what: should have been refused, but printed '$found'"; fi
  case $found in *"$code"*) printf 'ok  %s: %s\n' "$what" "$(printf '%s' "$found" | tail -n 1 | cut -c 1-160)" ;; *) fail "$what: wanted $code, found '$found'" ;; esac
}

# steady CLUSTER SERVICE: all tasks of its one task set run and are healthy. ('aws ecs wait services-stable' counts deployments, of which a service
# with the CODE_DEPLOY controller has none.)
steady() {
  eventually "service $2 is steady" 60 STEADY_STATE aws ecs describe-services --cluster "$1" --services "$2" --query 'services[0].taskSets[0].stabilityStatus' --output text
}

# page URL [curl options]: the body
page() { curl -s -m 10 "$@"; }
code() { curl -s -m 10 -o /dev/null -w '%{http_code}' "$@"; }

# An image whose page says one word, pushed to ECR as NAME:TAG the way a user does.
push_page_image() {
  local uri=$1 tag=$2 word=$3 dir
  dir=$(mktemp -d -p "$WORK")
  printf '%s\n' "$word" >"$dir/index.html"
  printf 'FROM public.ecr.aws/nginx/nginx:alpine\nCOPY index.html /usr/share/nginx/html/index.html\n' >"$dir/Dockerfile"
  docker build -q -t "$uri:$tag" "$dir" >/dev/null
  docker push -q "$uri:$tag" >/dev/null
}
