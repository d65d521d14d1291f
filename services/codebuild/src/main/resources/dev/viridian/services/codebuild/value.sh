# Prints the value a variable has between two commands.
. /codebuild/viridian/state/variables >/dev/null 2>&1
set +eux 2>/dev/null
viridian_name=$1
eval "printf '%s' \"\${$viridian_name-}\""
