#!/usr/bin/env bash
# A hook of pre-commit (or of Git itself): the gate, before what is staged becomes a commit.
#
#     integrations/pre-commit.sh [--policy FILE] [other options of undertone gate] [--] [FILE...]
#
# pre-commit gives the staged files as last arguments. They only say that something is staged: the policy decides which
# files are looked at. UNDERTONE names the program where it is not in PATH.
set -euo pipefail

program=${UNDERTONE:-undertone}
policy=undertone.yaml
options=()
while [ $# -gt 0 ]; do
    case $1 in
        --policy)
            policy=${2:?--policy needs a file}
            shift
            ;;
        --policy=*) policy=${1#*=} ;;
        --report | --lineage)
            options+=("$1" "${2:?$1 needs a value}")
            shift
            ;;
        --)
            break
            ;;
        -*) options+=("$1") ;;
        *) break ;;
    esac
    shift
done

if ! command -v -- "$program" >/dev/null; then
    echo "undertone: there is no $program in PATH; install it, or set UNDERTONE to its path" >&2
    exit 3
fi
if [ ! -e "$policy" ]; then
    echo "undertone: there is no policy $policy; write one (docs/policy.md), or name it with args: [--policy, FILE]" >&2
    exit 2
fi
exec "$program" gate --policy="$policy" ${options[@]+"${options[@]}"}
