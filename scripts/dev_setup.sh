#!/usr/bin/env bash
# Checks that this machine can run Conduit, installs the packages, and says what to do next.
# Safe to run again at any time.
set -euo pipefail
cd "$(dirname "$0")/.."

need() {
  command -v "$1" >/dev/null 2>&1 || {
    echo "$1 is missing: $2" >&2
    exit 1
  }
}

need node "install Node 20.9 or newer from your system or a version manager"
need npm "it comes with Node"
need make "install it from your system (Debian: apt-get install make)"

node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 9)) {
    console.error(`Node ${process.versions.node} is too old: 20.9 or newer is needed.`);
    process.exit(1);
  }
'

npm install --no-audit --no-fund
touch node_modules/.conduit-installed

echo
echo "Ready. Node $(node_modules/.bin/node --version) was installed for the project itself."
for program in postgres redis-server python3; do
  command -v "$program" >/dev/null 2>&1 ||
    ls /usr/lib/postgresql/*/bin/"$program" >/dev/null 2>&1 ||
    echo "Optional for the tests, and not found: $program"
done
echo "  make dev     the development server at http://localhost:8000"
echo "  make test    every suite"
