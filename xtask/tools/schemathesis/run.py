"""Tries a demo server against its own OpenAPI document: as a visitor and as each role, every call with values that fit its
schema and values that do not. No answer may be a 5xx, of a status or kind that the document does not name, or of another form.

Called by `cargo xtask schemathesis`: run.py URL LOGINS_JSON EXAMPLES SEED
"""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"

# What would end the very session that a walk is made with, and the rest of it would be answered 401.
ENDS_THE_SESSION = ["/api/v1/session/sign-out", "/api/v1/session/sign-in", "/api/v1/session/join"]


def signed_in(url, login):
    body = json.dumps({"login": login["login"], "password": login["password"], "code": None}).encode()
    request = urllib.request.Request(url + "/api/v1/session/sign-in", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return reply.headers["set-cookie"].split(";")[0]


def walked(url, who, cookie, examples, seed):
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "run",
        url + "/api/openapi.json",
        "--checks=" + CHECKS,
        "--phases=examples,coverage,fuzzing",
        "--mode=all",
        f"--max-examples={examples}",
        f"--seed={seed}",
        "--no-color",
        "--continue-on-failure",
        "--generation-database=none",
        "--request-timeout=20",
    ]
    if cookie:
        command += ["--header", f"Cookie: {cookie}"]
        for path in ENDS_THE_SESSION:
            command += ["--exclude-path", path]
    print(f"==> as {who}", flush=True)
    return subprocess.run(command, check=False).returncode


def main():
    url, logins, examples, seed = sys.argv[1:5]
    walkers = [("visitor", None)]
    roles = set()
    for login in json.loads(Path(logins).read_text(encoding="utf-8")):
        if login["role"] not in roles:
            roles.add(login["role"])
            walkers.append((login["role"], signed_in(url, login)))
    failed = [who for who, cookie in walkers if walked(url, who, cookie, examples, seed)]
    print(f"==> {len(walkers) - len(failed)} walks held, {len(failed)} did not: {', '.join(failed) or 'none'}")
    sys.exit(1 if failed else 0)


main()
