#!/bin/sh
# A CI step for a repository of content: drafts that a branch adds or changes must pass the gate.
#
#     sh content_ci.sh BASE INDEX POLICY.toml [FOLDER]
#
# BASE is the commit to compare with, for instance origin/main. Every .txt and .md file under FOLDER (drafts) that
# differs from it is a draft. Exit code 0: all may be merged; 1: at least one is blocked; 2: a draft could not be checked.
#
# As a step of a workflow:
#
#     - run: pip install 'originality[fast]'
#     - run: sh content_ci.sh "origin/$BASE_BRANCH" index/brand brand.toml
set -u
base=$1 index=$2 policy=$3 folder=${4:-drafts}

names=$(mktemp) || exit 2
trap 'rm -f "$names"' EXIT
git -c core.quotePath=false diff --name-only --diff-filter=AMR "$base" -- "$folder" > "$names" || exit 2

worst=0
while IFS= read -r name; do
    case $name in *.txt | *.md) ;; *) continue ;; esac
    echo "== $name"
    originality gate --file "$name" --policy "$policy" --index "$index" < /dev/null
    code=$?
    [ "$code" -gt "$worst" ] && worst=$code
done < "$names"
exit "$worst"
