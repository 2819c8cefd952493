"""Counts the calls of a witness, and starts hubspot-mock for it."""

import contextlib
import subprocess
import sys


class Calls:
    """The calls so far. A call that raises an exception is a failure."""

    def __init__(self):
        self.passed = 0
        self.failed = []

    def __call__(self, name, call):
        try:
            result = call()
            self.passed += 1
            return result
        except Exception as error:  # pylint: disable=broad-except
            self.failed.append(f"{name}: {type(error).__name__}: {str(error)[:400]}")
            return None

    def check(self, name, holds):
        if not holds:
            self.failed.append(f"{name}: it does not hold")

    def report(self):
        print(f"{self.passed} calls passed, {len(self.failed)} failed")
        for failure in self.failed:
            print(failure)
        sys.exit(1 if self.failed else 0)


@contextlib.contextmanager
def start(program):
    """Runs hubspot-mock, and gives its URL and a token with every scope."""
    command = [program, "--port", "0", "--tier", "unlimited"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url, token = (process.stdout.readline().split()[-1] for _ in range(2))
            yield url, token
        finally:
            process.terminate()
