#!/bin/sh
# Stands before the docker command: when the server that lends the engine was restarted in the middle of a command that may be repeated, repeats it.
PATH=$(printf '%s' "$PATH" | sed 's#/codebuild/viridian/bin:##')
door=/codebuild/engine
case " $* " in
    *" build "* | *" push "* | *" pull "* | *" tag "* | *" login "*) ;;
    *) exec docker "$@" ;;
esac
input=
case " $* " in
    *" --password-stdin "* | *" - ")
        input=$(mktemp)
        trap 'rm -f "$input"' EXIT
        cat >"$input"
        ;;
esac
while :; do
    before=$(cat $door/opened 2>/dev/null)
    if [ -n "$input" ]; then
        docker "$@" <"$input"
    else
        docker "$@"
    fi
    status=$?
    [ $status = 0 ] && exit 0
    tries=0
    while ! docker version >/dev/null 2>&1 && [ $tries -lt 300 ]; do
        sleep 1
        tries=$((tries + 1))
    done
    [ "$before" != "$(cat $door/opened 2>/dev/null)" ] || exit $status
    echo "The connection to the engine was interrupted; trying again." >&2
done
