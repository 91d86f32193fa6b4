"""Wake-ups between processes: over the socket of the data folder, or over a real Redis where one is named."""

import shutil
import subprocess
import threading
import time

import pytest

from zhike.kit import bus


@pytest.fixture
def start_redis(tmp_path, monkeypatch):
    """Start (again) a Redis server of the test's own; ZHIKE_REDIS names it."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is not installed (Debian: apt-get install redis-server)")
    running: list[subprocess.Popen] = []
    monkeypatch.setenv("ZHIKE_REDIS", f"unix://{tmp_path}/redis.sock")
    monkeypatch.setattr(bus, "_silent_until", 0.0)
    bus._redis.cache_clear()

    def start() -> subprocess.Popen:
        words = ["--port", "0", "--unixsocket", f"{tmp_path}/redis.sock", "--save", "", "--dir", str(tmp_path)]
        running.append(subprocess.Popen([program, *words], stdout=subprocess.DEVNULL))
        deadline = time.monotonic() + 60
        while not answers():
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.05)
        return running[-1]

    def answers() -> bool:
        import redis

        try:
            return bool(redis.Redis.from_url(f"unix://{tmp_path}/redis.sock").ping())
        except redis.RedisError:
            return False

    yield start
    for process in running:
        process.kill()
        process.wait()
    bus._redis.cache_clear()


def hear(ear: bus.Listener, word: str) -> tuple[tuple[str, str] | None, float]:
    """What the ear hears when the word is said a little later, and how long after it was said."""
    said: list[float] = []

    def speak() -> None:
        time.sleep(0.2)
        said.append(time.monotonic())
        bus.send("jobs", word)

    speaker = threading.Thread(target=speak)
    speaker.start()
    heard = ear.wait(60)
    taken = time.monotonic()
    speaker.join()
    return heard, taken - said[0]


def test_a_word_said_in_one_process_wakes_the_other_over_the_socket():
    with bus.Listener() as ear:
        heard, late_s = hear(ear, "import")
    assert heard == ("jobs", "import") and late_s < 10
    assert bus.send("jobs", "import") is False, "nobody listens any more"


def test_where_redis_is_named_the_word_goes_over_redis(start_redis):
    start_redis()
    with bus.Listener() as ear:
        assert isinstance(ear, bus.RedisListener)
        assert ear.wait(0.1) is None
        heard, late_s = hear(ear, "analysis")
    assert heard == ("jobs", "analysis") and late_s < 10


def test_while_redis_is_away_nothing_breaks_and_once_it_is_back_words_arrive_again(start_redis, monkeypatch):
    server = start_redis()
    with bus.Listener() as ear:
        ear.wait(0.1)
        server.kill()
        server.wait()
        assert bus.send("jobs", "default") is False
        began = time.monotonic()
        assert ear.wait(0.5) is None
        assert bus.send("jobs", "default") is False
        assert time.monotonic() - began < 20, "whoever speaks or listens must not hang"
        start_redis()
        monkeypatch.setattr(bus, "_silent_until", 0.0)
        ear.wait(0.1)
        assert hear(ear, "default")[0] == ("jobs", "default")


def test_two_installations_on_one_redis_do_not_hear_each_other(start_redis, monkeypatch, settings):
    start_redis()
    with bus.Listener() as ear:
        ear.wait(0.1)
        other = {**settings.DATABASES, "default": {**settings.DATABASES["default"], "NAME": "another"}}
        monkeypatch.setattr("django.conf.settings.DATABASES", other)
        assert bus.send("jobs", "default") is False
