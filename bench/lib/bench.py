"""What all parts share: the binary, scratch folders, programs of this folder, peers."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import helmfile
import process

HERE = pathlib.Path(__file__).resolve().parents[1]
ROOT = HERE.parent


def cache_home():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/root"), ".cache"))


class Bench:
    """One run of the measurements: everything it makes lies below `scratch`, tools come from the real cache."""

    def __init__(self, binary, scratch, sheet, repeat):
        self.binary = binary.resolve()
        self.scratch = scratch
        self.sheet = sheet
        self.repeat = repeat
        self.helmfile = helmfile.built(cache_home())
        self.folders = 0

    def folder(self, name):
        """A new empty folder."""
        self.folders += 1
        path = self.scratch / f"{self.folders:02d}-{name}"
        path.mkdir()
        return path

    def env(self, home, root=ROOT, **more):
        """Nothing of the user's own settings; `more` on top."""
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home), "XDG_STATE_HOME": str(home / "state"),
               "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(home / "cache"), "DATAMILL_ROOT": str(root),
               "HELMFILE_UPGRADE_NOTICE_DISABLED": "true"}
        env.update({name: str(value) for name, value in more.items()})
        return env

    def datamill(self, env, *words, limit=900.0, sample=0.0):
        return process.measure([self.binary, *words], env, limit=limit, sample=sample)

    def native(self, name):
        """A program of native/, compiled once a run."""
        path = self.scratch / "native" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            subprocess.run([os.environ.get("CC", "cc"), "-O2", "-static", "-o", path, HERE / "native" / f"{name}.c"], check=True)
        return path

    def fake_tools(self, folder):
        """A folder with the pretended helm and kubectl."""
        tools = folder / "bin"
        tools.mkdir()
        for name in ("helm", "kubectl"):
            shutil.copy(self.native("fake"), tools / name)
        return tools

    def tool(self, env, name):
        """Path of a real tool, as datamill finds it."""
        tools = json.loads(subprocess.run([self.binary, "tools", "list", "-o", "json"], env=env, check=True,
                                          capture_output=True).stdout)["tools"]
        path = next((tool["path"] for tool in tools if tool["name"] == name), "")
        if not path:
            sys.exit(f"{name} is not there: datamill tools install {name}")
        return path
