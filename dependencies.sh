#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Debian packages that Xunzi is built from; with the argument "test" also those its tests need.
# Does nothing where all are there. Uses sudo where the user is not root.
set -eu

packages="build-essential cmake ninja-build pkg-config libxapian-dev libicu-dev zlib1g-dev libdeflate-dev
    libjson-c-dev libxml2-dev libxxhash-dev libedit-dev libopencc-dev libopencc-data
    libime-data-language-model unicode-data bzip2"
if [ "${1:-}" = test ]; then
    packages="$packages clang libclang-rt-14-dev libcmocka-dev xapian-tools mandoc python3"
fi

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "dependencies.sh: these packages are missing, and there is no sudo to install them:$missing" >&2
        exit 1
    }
    as_root=sudo
fi
echo "installing:$missing"
$as_root apt-get update -q
# $missing is a list: it is meant to be split.
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
