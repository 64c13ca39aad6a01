"""The package for Debian, looked into without installing it: deb.py CPACK BUILD NATIVE FOLDER. 77 means: no dpkg here."""
import gzip, pathlib, shutil, subprocess, sys

cpack, build, native, folder = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
if not all(shutil.which(tool) for tool in ("dpkg-deb", "dpkg-shlibdeps", "gzip")):
    sys.exit(77)
faults = []


def expect(good, what):
    if not good:
        faults.append(what)
        print("FAILED:", what)


def pack(*more):
    shutil.rmtree(folder, ignore_errors=True)
    return subprocess.run([cpack, "-G", "DEB", "-B", folder, *more], cwd=build, capture_output=True, text=True)


if native == "1":
    refused = pack()
    expect(refused.returncode != 0 and "./go deb" in refused.stdout + refused.stderr, f"no package of this machine's instructions: {refused}")
made = pack("-D", "CPACK_DAMLA_NATIVE=OFF")
packages = list(folder.glob("damla_*.deb"))
expect(made.returncode == 0 and len(packages) == 1, f"one package is made: {made.stdout} {made.stderr}")
if packages:
    fields = dict(line.split(": ", 1) for line in subprocess.run(["dpkg-deb", "-f", packages[0]], capture_output=True, text=True, check=True).stdout.splitlines()
                  if ": " in line and not line.startswith(" "))
    expect(fields["Package"] == "damla" and packages[0].name == f"damla_{fields['Version']}_{fields['Architecture']}.deb", f"its name: {fields}")
    for library in ("libc6", "libstdc++6", "libfmt", "libutf8proc"):
        expect(library in fields.get("Depends", ""), f"the program needs {library}: {fields}")
    for library in ("libeigen3-dev", "libfmt-dev", "libutf8proc-dev"):
        expect(library in fields.get("Recommends", ""), f"programs that link to damla need {library}: {fields}")
    root = folder / "root"
    subprocess.run(["dpkg-deb", "-x", packages[0], root], check=True)
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    for end in ("bin/damla", "damla/damla.hpp", "libdamla.a", "libdamla_double.a", "damlaConfig.cmake", "damlaTargets.cmake", "pkgconfig/damla.pc",
                "share/man/man1/damla.1.gz", "share/man/tr/man1/damla.1.gz", "share/bash-completion/completions/damla",
                "share/zsh/site-functions/_damla", "share/doc/damla/copyright", "share/doc/damla/changelog.gz"):
        expect(any(name.endswith("/" + end) for name in found) or end.endswith(".a") and any(name.endswith(end[:-1] + "so") for name in found),
               f"the package has {end}")
    expect(all(name.startswith("usr/") for name in found), f"all is in /usr: {sorted(found)[:3]}")
    expect(not any("CLI" in name or "/src/" in name or name.endswith("LICENSE") for name in found), "nothing else is in it")
    copyright = (root / "usr/share/doc/damla/copyright").read_text()
    expect("\nLicense: Expat\n Permission is hereby granted, free of charge" in copyright and "\nCopyright: 2026 damla contributors\n" in copyright,
           f"the licence in Debian's form: {copyright}")
    expect(".SH NAME" in gzip.open(root / "usr/share/man/man1/damla.1.gz", "rt").read(), "its man page")
    wrong = [name for name in found if b"/build/" in (root / name).read_bytes() and name.endswith((".cmake", ".pc"))]
    expect(not wrong, f"no file names the folder in which it was built: {wrong}")
print(len(faults), "faults")
sys.exit(bool(faults))
