#!/usr/bin/env python3
"""Writes what package managers need to know of a release, from its checksums.

    .ci/manifests.py VERSION OWNER/REPOSITORY SHA256SUMS FOLDER

Makes FOLDER/token-governance.rb (a Homebrew formula) and FOLDER/winget/*.yaml (a winget manifest of three files). Fails if the
checksum of an archive that they name is not there.
"""
import os
import re
import sys

SUMMARY = "Who spends your OpenClaw tokens, on what, and what it costs"

FORMULA = '''class TokenGovernance < Formula
  desc "@summary@"
  homepage "https://github.com/@repository@"
  version "@version@"
  license "MIT"

  on_macos do
    on_arm do
      url "@osx-arm64.url@"
      sha256 "@osx-arm64.sum@"
    end
    on_intel do
      url "@osx-x64.url@"
      sha256 "@osx-x64.sum@"
    end
  end

  on_linux do
    on_arm do
      url "@linux-arm64.url@"
      sha256 "@linux-arm64.sum@"
    end
    on_intel do
      url "@linux-x64.url@"
      sha256 "@linux-x64.sum@"
    end
  end

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"token-governance"
  end

  service do
    run [opt_bin/"token-governance", "collect"]
    keep_alive successful_exit: false
    log_path var/"log/token-governance.log"
    error_log_path var/"log/token-governance.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/token-governance --version")
    system bin/"token-governance", "init", "--db", testpath/"usage.db"
  end
end
'''

WINGET = {
    "TokenGovernance.TokenGovernance.yaml": '''PackageIdentifier: TokenGovernance.TokenGovernance
PackageVersion: @version@
DefaultLocale: en-US
ManifestType: version
ManifestVersion: 1.6.0
''',
    "TokenGovernance.TokenGovernance.locale.en-US.yaml": '''PackageIdentifier: TokenGovernance.TokenGovernance
PackageVersion: @version@
PackageLocale: en-US
Publisher: Token Governance contributors
PackageName: Token Governance
PackageUrl: https://github.com/@repository@
License: MIT
ShortDescription: @summary@
ManifestType: defaultLocale
ManifestVersion: 1.6.0
''',
    "TokenGovernance.TokenGovernance.installer.yaml": '''PackageIdentifier: TokenGovernance.TokenGovernance
PackageVersion: @version@
InstallerType: zip
NestedInstallerType: portable
NestedInstallerFiles:
- RelativeFilePath: token-governance-v@version@-win-x64\\token-governance.exe
  PortableCommandAlias: token-governance
Installers:
- Architecture: x64
  InstallerUrl: @win-x64.url@
  InstallerSha256: @win-x64.SUM@
ManifestType: installer
ManifestVersion: 1.6.0
''',
}


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    version, repository, sums_file, folder = sys.argv[1].removeprefix("v"), *sys.argv[2:]
    with open(sums_file, encoding="utf-8") as f:
        sums = dict(reversed(line.split()) for line in f if line.strip())
    sums = {name.lstrip("*"): value for name, value in sums.items()}
    known = {"version": version, "repository": repository, "summary": SUMMARY}
    for runtime in ("linux-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64"):
        name = f"token-governance-v{version}-{runtime}.{'zip' if runtime == 'win-x64' else 'tar.gz'}"
        if name not in sums:
            sys.exit(f"{sums_file} has no checksum of {name}")
        known |= {f"{runtime}.url": f"https://github.com/{repository}/releases/download/v{version}/{name}",
                  f"{runtime}.sum": sums[name], f"{runtime}.SUM": sums[name].upper()}

    def fill(text):
        return re.sub(r"@([\w.-]+)@", lambda match: known[match[1]], text)

    os.makedirs(f"{folder}/winget", exist_ok=True)
    with open(f"{folder}/token-governance.rb", "w", encoding="utf-8") as f:
        f.write(fill(FORMULA))
    for name, text in WINGET.items():
        with open(f"{folder}/winget/{name}", "w", encoding="utf-8") as f:
            f.write(fill(text))


if __name__ == "__main__":
    main()
