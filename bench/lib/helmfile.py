"""helmfile, the peer most people use: built once, from bench/helmfile/go.mod, into the cache."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

VERSION = "1.8.0"
RECIPE = pathlib.Path(__file__).resolve().parents[1] / "helmfile"


def place(cache):
    return cache / "datamill" / "bench" / f"helmfile-{VERSION}" / "helmfile"


def built(cache):
    """Its path, or None where it was not built."""
    path = place(cache)
    return path if path.exists() else None


def build(cache):
    """Compiles it: about 3.5 minutes of CPU, 1.5 GB of Go's caches, once."""
    if built(cache):
        return
    path = place(cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    print(f"building helmfile {VERSION} (about 4 minutes, once) ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="datamill-bench-helmfile-") as folder:
        for file in RECIPE.iterdir():
            shutil.copy(file, folder)
        env = dict(os.environ, CGO_ENABLED="0", GOFLAGS="-mod=mod -buildvcs=false -trimpath")
        package = "github.com/helmfile/helmfile"
        made = pathlib.Path(folder) / "helmfile"
        flags = ["-ldflags", f"-s -w -X go.szostok.io/version.version=v{VERSION}"]
        subprocess.run(["go", "build", *flags, "-o", made, package], cwd=folder, env=env, check=True)
        shutil.copy(made, f"{path}.new")
        os.replace(f"{path}.new", path)
