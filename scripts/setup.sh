#!/bin/sh
# Installs the packages that the build needs and that are missing (Debian 12 and newer, Ubuntu 24.04 and newer).
set -eu

base="g++ cmake ninja-build pkg-config git ca-certificates libsqlitecpp-dev libsqlite3-dev libre2-dev nlohmann-json3-dev
catch2 libcli11-dev libfmt-dev libzstd-dev zlib1g-dev libonig-dev libutf8proc-dev libflint-dev libseccomp-dev python3 python3-numpy bubblewrap"

if ! command -v dpkg-query > /dev/null 2>&1; then
  command -v cmake > /dev/null && exit 0
  echo "error: this system has no dpkg" >&2
  echo "try: install these yourself, then run cmake --preset release: Boost >= 1.81 headers, $base" >&2
  exit 4
fi

installed() { dpkg-query -W -f '${Status}' "$1" 2> /dev/null | grep -q 'ok installed'; }

missing=""
for package in $base; do
  installed "$package" || missing="$missing $package"
done

# Any Boost from 1.81 on will do; libboost-dev of Debian 12 is 1.74.
have_boost() {
  version=$(sed -n 's/^#define BOOST_VERSION \([0-9]*\).*/\1/p' /usr/include/boost/version.hpp 2> /dev/null || true)
  [ -n "$version" ] && [ "$version" -ge 108100 ]
}

# FLINT 3 has Arb, Antic and Calcium in it.
have_calcium() {
  [ -f /usr/include/flint/ca.h ] || { installed libflint-arb-dev && installed libantic-dev && installed libcalcium-dev; }
}

if [ -z "$missing" ] && have_boost && have_calcium; then exit 0; fi

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo > /dev/null 2>&1; then
    echo "error: packages are missing and there is neither root nor sudo:$missing" >&2
    exit 4
  fi
  sudo="sudo"
fi
export DEBIAN_FRONTEND=noninteractive
echo "installing what is missing:$missing$(have_boost || echo ' boost')$(have_calcium || echo ' calcium')" >&2
$sudo apt-get update -qq
if ! have_boost; then
  for package in libboost1.81-dev libboost1.83-dev libboost1.88-dev libboost-dev; do
    if apt-cache show "$package" > /dev/null 2>&1; then
      missing="$missing $package"
      break
    fi
  done
fi
for package in libflint-arb-dev libantic-dev libcalcium-dev; do
  have_calcium || ! apt-cache show "$package" > /dev/null 2>&1 || missing="$missing $package"
done
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
have_boost || { echo "error: no Boost >= 1.81 in this distribution's packages" >&2; exit 4; }
