#!/usr/bin/env bash
# Debian's Chromium for the tests of the report, installed when that can be done without asking anybody.
# Where it cannot, the tests are skipped and say so; this script never fails a run.
set -uo pipefail

[ -n "${VEJE_CHROMIUM:-}" ] && exit 0
command -v chromium >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Debian's package chromium for the tests of the report"
    export DEBIAN_FRONTEND=noninteractive
    timeout 300 apt-get update -qq >/dev/null \
        && timeout 600 apt-get install -y -qq --no-install-recommends chromium >/dev/null \
        && exit 0
fi
echo "no Chromium: the tests of the report in a browser will be skipped" >&2
exit 0
