#!/usr/bin/env python3
"""Prints what CHANGELOG.md says about a version. Fails if it says nothing, or names another version than the program's."""
import re
import sys

wanted = sys.argv[1].removeprefix("v")
with open("Directory.Build.props", encoding="utf-8") as f:
    version = re.search("<Version>(.+)</Version>", f.read()).group(1)
if wanted != version:
    sys.exit(f"the tag says {wanted}, Directory.Build.props says {version}")
with open("CHANGELOG.md", encoding="utf-8") as f:
    sections = re.split(r"^## ", f.read(), flags=re.MULTILINE)
notes = next((s.split("\n", 1)[1].strip() for s in sections if s.startswith(f"[{wanted}]")), "")
if not notes:
    sys.exit(f"CHANGELOG.md has no section [{wanted}]")
print(notes)
