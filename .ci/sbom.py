#!/usr/bin/env python3
"""Prints a CycloneDX bill of materials of the program, from its lock file: what is locked is what is shipped.

Usage: .ci/sbom.py [version of the .NET runtime that is packed with it]
"""
import json
import re
import sys

with open("src/TokenGovernance/packages.lock.json", encoding="utf-8") as f:
    locked = next(iter(json.load(f)["dependencies"].values()))
with open("Directory.Build.props", encoding="utf-8") as f:
    version = re.search("<Version>(.+)</Version>", f.read()).group(1)


def reference(name, of):
    return f"pkg:nuget/{name}@{of}"


resolved = {name: package["resolved"] for name, package in locked.items() if package["type"] != "Project"}
by_lower_case = {name.lower(): name for name in resolved}
components = [
    {
        "type": "library",
        "bom-ref": reference(name, of),
        "name": name,
        "version": of,
        "purl": reference(name, of),
        "properties": [{"name": "nuget:contentHash", "value": locked[name]["contentHash"]}],
    }
    for name, of in sorted(resolved.items())
]
graph = [
    {
        "ref": reference(name, of),
        "dependsOn": sorted(
            reference(found, resolved[found])
            for needed in locked[name].get("dependencies", {})
            if (found := by_lower_case.get(needed.lower()))
        ),
    }
    for name, of in sorted(resolved.items())
]
direct = [reference(name, of) for name, of in sorted(resolved.items()) if locked[name]["type"] == "Direct"]
if len(sys.argv) > 1:
    runtime = {"type": "framework", "bom-ref": f"dotnet-runtime@{sys.argv[1]}", "name": ".NET runtime", "version": sys.argv[1]}
    components.append(runtime)
    graph.append({"ref": runtime["bom-ref"], "dependsOn": []})
    direct.append(runtime["bom-ref"])

me = f"token-governance@{version}"
json.dump(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": me,
                "name": "token-governance",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": me, "dependsOn": direct}, *graph],
    },
    sys.stdout,
    indent=2,
)
print()
