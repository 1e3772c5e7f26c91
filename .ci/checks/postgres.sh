#!/usr/bin/env bash
# The fleet with a real PostgreSQL: many nodes, killed backends and pushers, a server that goes away, and the same sums in the end. A few minutes.
set -euo pipefail
. .ci/debian
programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }

# Debian's package would also make and start a server of its own.
if [ -z "$(programs)" ]; then
  { as_root mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf; } >/dev/null 2>&1 || true
  install_debian postgresql
fi
[ -x "$(programs)/initdb" ] || missing "there is no PostgreSQL, and it could not be installed"

"$(programs)/postgres" --version
export TOKEN_GOVERNANCE_TEST_POSTGRES=$(programs) TOKEN_GOVERNANCE_TEST_PROGRAM=${CI_NATIVE:+$CI_NATIVE/token-governance}
dotnet test -c Release --no-build --filter "Category=Postgres" --logger "console;verbosity=minimal"
