"""The warm child of the worker: the process that holds the engine ready and answers whoever builds a segment or a cube."""

import json
import subprocess
import sys
import threading
from typing import Any

_ANSWER_WITHIN_S = 120.0


class WarmChild:
    """The process that holds the engine warm; started when first asked, ends by itself when nobody asks."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """One question, one answer; a child that dies or takes too long answers with an error code."""
        with self._one_at_a_time:
            for _ in range(2):  # a child about to end of idleness may miss a question
                told = self._asked(question)
                if told is not None:
                    return told
            return {"error": "count_failed"}

    def _asked(self, question: dict[str, Any]) -> dict[str, Any] | None:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        watch = threading.Timer(_ANSWER_WITHIN_S, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = ""
        finally:
            watch.cancel()
        if line:
            told: dict[str, Any] = json.loads(line)
            return told
        self.stop()
        return None

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "zhike.analyze.warm_engine"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def stop(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None


CHILD = WarmChild()
