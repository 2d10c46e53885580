"""Looks at the files that runs leave behind.

chaos_files.py whole FOLDER             no temporary files, every JSON document whole, every journal line but a last torn one too
chaos_files.py secrets CANARIES PLACE... none of the values of the Secrets in CANARIES (kubectl's JSON), as they are or in base64
"""

import base64
import json
import os
import re
import sys

TEMPORARY = re.compile(r"\.(json|jsonl|yaml|txt|lock)\.[A-Za-z0-9]{6}$|/\.probe-|\.tmp$|\.part$")
SHORTEST = 8  # shorter values are user names, not secrets


def files_below(place):
    if os.path.isfile(place):
        yield place
    for path, folders, names in os.walk(place):
        # The cluster itself keeps its Secrets there.
        folders[:] = [name for name in folders if not (os.path.basename(path) == "clusters" and name.startswith("local-"))]
        for name in names:
            file = os.path.join(path, name)
            if os.path.isfile(file) and not os.path.islink(file):
                yield file


def read(file):
    with open(file, "rb") as stream:
        return stream.read()


def lines_are_whole(text):
    lines = text.split(b"\n")
    for line in lines[:-1]:  # what follows the last line feed may be torn: the run was killed there
        json.loads(line)


def whole(folder):
    for file in files_below(folder):
        if TEMPORARY.search(file):
            yield f"{file} is a temporary file"
        try:
            if file.endswith(".json"):
                json.loads(read(file))
            elif file.endswith(".jsonl"):
                lines_are_whole(read(file))
        except ValueError as error:
            yield f"{file} is not whole: {error}"


def forms_of(canaries):
    found = {}
    for secret in json.loads(read(canaries))["items"]:
        for key, encoded in (secret.get("data") or {}).items():
            value = base64.b64decode(encoded)
            if len(value) < SHORTEST:
                continue
            name = f"{secret['metadata']['namespace']}/{secret['metadata']['name']}.{key}"
            found[value] = name
            found[encoded.encode()] = name + " in base64"
    return found


def secrets(canaries, places):
    forms = forms_of(canaries)
    if not forms:
        yield "there are no values to look for"
    for place in places:
        files = [file for file in files_below(place) if not os.path.samefile(file, canaries)]
        if not files:
            yield f"there is no file in {place}"
        for file in files:
            content = read(file)
            for form, name in forms.items():
                if form in content:
                    yield f"{name} is in {file}"


def main():
    problems = list(whole(sys.argv[2]) if sys.argv[1] == "whole" else secrets(sys.argv[2], sys.argv[3:]))
    print("\n".join(problems))
    return 1 if problems else 0


sys.exit(main())
