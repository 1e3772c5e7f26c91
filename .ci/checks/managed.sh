#!/usr/bin/env bash
# The managed program, which the portable tool has and every system without a native package runs: some of the tests that start it, of each kind.
# All of them run with the native program where there is one, and with the managed one in the workflow's jobs for each system.
set -euo pipefail
[ -n "${CI_NATIVE:-}" ] || { echo "left out: without a native program all tests have run with the managed one"; exit 0; }

classes=(CommandLine Config Collect DaemonLife Export Fixture Mcp Output ServeMetrics Service SqliteEraFixture)
printf -v filter '|FullyQualifiedName~EndToEnd.%sTests' "${classes[@]}"
dotnet test -c Release --no-build --filter "${filter#|}|FullyQualifiedName~Proof.RuntimeFailPointTests" --logger "console;verbosity=minimal"
