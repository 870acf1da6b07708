#!/usr/bin/env bash
# Runs the gate in a step of GitHub Actions: annotations on standard output, a table on the step's summary page, the text
# report in a file, the verdict as an output. Ends with the exit code of the gate.
#
# Reads UNDERTONE_POLICY, UNDERTONE_ARGS, UNDERTONE_BINARY, UNDERTONE_REPORT and UNDERTONE_SINCE; docs/ci.md says what they are.
set -euo pipefail
source_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

say_no() { # message
    printf '::error title=undertone gate::%s\n' "$1"
    if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'verdict=error\n' >>"$GITHUB_OUTPUT"; fi
    exit 3
}

program=${UNDERTONE_BINARY:-}
if [ -n "$program" ]; then
    # A name without a slash would be looked for in PATH.
    case $program in */*) ;; *) program=./$program ;; esac
    if [ ! -x "$program" ]; then say_no "the input binary names no program that can be run"; fi
elif program=$(command -v undertone); then
    :
elif command -v swift >/dev/null; then
    echo "::group::Building undertone"
    (cd "$source_folder" && make install build >&2) || say_no "undertone could not be built"
    echo "::endgroup::"
    program=$source_folder/.build/release/undertone
else
    say_no "there is no undertone in PATH and no swift to build it with; give the input binary"
fi

folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/undertone-gate.XXXXXX")
report=${UNDERTONE_REPORT:-$folder/undertone-gate.txt}
# White space divides arguments. `read` expands no pattern and runs no command.
arguments=()
if [ -n "${UNDERTONE_ARGS:-}" ]; then read -r -d '' -a arguments <<<"$UNDERTONE_ARGS" || true; fi

# Where only data and notes changed, only drops with changed files are looked at. Anything else (a policy, a rule pack, judges, a catalogue)
# may change every answer, and where Git does not know, nobody does.
since=()
if [ -n "${UNDERTONE_SINCE:-}" ]; then
    # As the name of a commit, what was given is no option.
    if commit=$(git rev-parse --quiet --verify --end-of-options "$UNDERTONE_SINCE^{commit}" 2>/dev/null) &&
        changes=$(git diff --name-only --no-renames --merge-base -z "$commit" HEAD -- 2>/dev/null | base64 -w0) &&
        root=$(git rev-parse --show-toplevel 2>/dev/null); then
        files=()
        is_data=1
        while IFS= read -r -d '' name; do
            case $name in
                *.jsonl | *.ndjson | *.txt | *.md | *.gz | *.gzip | *.zst | *.zstd) files+=("$root/$name") ;;
                *) is_data=0 ;;
            esac
        done < <(base64 -d <<<"$changes")
        if [ "$is_data" = 1 ] && [ ${#files[@]} -eq 0 ]; then
            echo "undertone gate: no data changed since $UNDERTONE_SINCE"
            if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
                printf '## Undertone gate: passed ✅\n\nNo data changed.\n' >>"$GITHUB_STEP_SUMMARY"
            fi
            if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'verdict=passed\n' >>"$GITHUB_OUTPUT"; fi
            exit 0
        fi
        if [ "$is_data" = 1 ]; then since=(--only "${files[@]}"); fi
    else
        echo "::notice title=undertone gate::Git does not know what changed, so every drop is looked at"
    fi
fi

code=0
"$program" gate --policy="${UNDERTONE_POLICY:-undertone.yaml}" ${since[@]+"${since[@]}"} --report github \
    --report "text=$report" --report "summary=$folder/summary.md" --report "html=$folder/gate.html" \
    ${arguments[@]+"${arguments[@]}"} 2>"$folder/errors" || code=$?
if [ -s "$folder/errors" ]; then
    # The runner acts on commands in errors too; behind a bar nothing is one.
    sed 's/##/# #/g; s/^/| /' "$folder/errors" >&2
    # One annotation, one line of it; % must not begin an escape that the runner undoes.
    if [ "$code" -gt 1 ]; then
        problem=$(head -c 2000 "$folder/errors" | tr '\n\r' '  ')
        printf '::error title=undertone gate::%s\n' "${problem//%/%25}"
    fi
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -s "$folder/summary.md" ]; then
    cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
case $code in
    0) verdict=passed ;;
    1) verdict=failed ;;
    *) verdict=error ;;
esac
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    # A path may hold anything but the delimiter, which nobody can guess.
    delimiter=end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf 'verdict=%s\nreport<<%s\n%s\n%s\nhtml<<%s\n%s\n%s\n' "$verdict" "$delimiter" "$report" "$delimiter" \
        "$delimiter" "$folder/gate.html" "$delimiter" >>"$GITHUB_OUTPUT"
fi
exit "$code"
