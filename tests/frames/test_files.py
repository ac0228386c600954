"""Files: replaced as a whole or not at all, compressed by their names, and honest about damage."""

import gzip
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chub.frames import compression, extras, reading, writing

NAMES = ("events.ndjson", "events.ndjson.gz", "events.ndjson.ZST")


def write(path: Path, content: bytes) -> None:
    with writing(path) as file:
        file.write(content)


def read(path: Path) -> bytes:
    with reading(path) as file:
        return file.read()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"", b"one\n", b"line\n" * 50_000], ids=len)
def test_what_is_written_is_read(name: str, content: bytes, tmp_path: Path) -> None:
    write(tmp_path / name, content)
    assert content == read(tmp_path / name)
    assert [name] == names_in(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_the_same_file_each_time(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, b"one")
    first = (tmp_path / name).read_bytes()
    write(tmp_path / name, b"one")
    assert first == (tmp_path / name).read_bytes()


def test_gzip_is_what_others_take_for_gzip(tmp_path: Path) -> None:
    write(tmp_path / "a.gz", b"one")
    assert b"one" == gzip.decompress((tmp_path / "a.gz").read_bytes())


@pytest.mark.parametrize("name", NAMES[1:])
def test_files_of_several_members_are_read_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write(path, b"one\n" * 9_000)
    path.write_bytes(path.read_bytes() * 3)
    assert b"one\n" * 27_000 == read(path)


def test_zeros_after_the_end_are_padding(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"one") + bytes(100))
    assert b"one" == read(path)


def noise(size: int) -> bytes:
    """Bytes that do not compress, the same each time."""
    from random import Random

    return Random(7).randbytes(size)


@pytest.mark.parametrize("name", NAMES[1:])
@pytest.mark.parametrize("kept", [5, 1_000, 40_000, -1])
def test_a_file_that_is_cut_is_an_error(name: str, kept: int, tmp_path: Path) -> None:
    path = tmp_path / name
    write(path, noise(60_000))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(OSError, match="the compressed file is cut short"):
        read(path)


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_file_that_is_damaged_is_an_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write(path, noise(60_000))
    damaged = bytearray(path.read_bytes())
    damaged[20_000] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(OSError, match="the compressed file is damaged"):
        read(path)


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_plain_file_of_such_a_name_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b'{"type": "viewedPage"}\n')
    with pytest.raises(OSError, match="the compressed file is damaged"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    name: str, error: type[BaseException], tmp_path: Path
) -> None:
    def write_half() -> None:
        with writing(tmp_path / name) as file:
            file.write(b"new" * 100_000)
            raise error

    write(tmp_path / name, b"old")
    with pytest.raises(error):
        write_half()
    assert b"old" == read(tmp_path / name)
    assert [name] == names_in(tmp_path)


def test_nothing_of_the_name_is_there_before_the_end(tmp_path: Path) -> None:
    with writing(tmp_path / "a") as file:
        file.write(b"one")
        assert not (tmp_path / "a").exists()
        (draft,) = names_in(tmp_path)
        assert draft.startswith(".a.")
        assert draft.endswith(".part")


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write(path, b"new")
    assert (b"new", 0o640) == (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))


def test_a_new_file_gets_the_permissions_that_others_get(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    write(tmp_path / "a", b"new")
    assert (tmp_path / "other").stat().st_mode == (tmp_path / "a").stat().st_mode


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    # The tests may be run by root, to whom nothing is protected.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(PermissionError, match="the file is write-protected"):
        write(path, b"new")
    assert b"old" == path.read_bytes()


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    write(tmp_path / "link", b"new")
    assert (True, b"new") == ((tmp_path / "link").is_symlink(), (tmp_path / "a").read_bytes())


def test_a_device_is_written_and_not_replaced() -> None:
    write(Path(os.devnull), b"new")
    assert not Path(os.devnull).is_file()


def test_a_name_of_any_length_that_a_file_can_have(tmp_path: Path) -> None:
    for name in ("x" * 255, "\N{UNICORN FACE}" * 63):
        write(tmp_path / name, b"new")
        assert b"new" == (tmp_path / name).read_bytes()


@pytest.mark.parametrize("path", ["no such folder/a", "."])
def test_where_there_can_be_no_file_it_is_an_error(path: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file|Is a directory"):
        write(tmp_path / path, b"new")
    with pytest.raises(OSError, match=r"No such file|Is a directory"):
        read(tmp_path / path)


WITHOUT_IT = """
import sys
sys.modules["zstandard"] = sys.modules["compression.zstd"] = None
from chub.frames import writing
try:
    with writing("a.zst"): pass
except ModuleNotFoundError as error:
    print(error)
"""


def test_without_the_library_the_error_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_IT], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("a .zst file needs ")
    assert done.stdout.endswith(": pip install 'contacthub-chub[zstd]'\n")
    assert [] == names_in(tmp_path)


def test_a_package_that_is_there_but_broken_is_its_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_package.py").write_text("import no_such_package")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'no_such_package'$"):
        extras.needed("broken_package", extra="arrow", purpose="a table")


class StandardLibrary:
    """What `compression.zstd` has, made of zlib: the interface is what is tested here."""

    class ZstdError(Exception):
        pass

    class CompressionParameter:
        checksum_flag = 201

    @staticmethod
    @contextmanager
    def ZstdFile(raw: Any, mode: str, *, options: dict[int, int]) -> Iterator[Any]:  # noqa: N802
        assert ("wb", {201: 1}) == (mode, options)
        with gzip.GzipFile(fileobj=raw, mode="wb") as file:
            yield file

    @staticmethod
    def ZstdDecompressor() -> Any:  # noqa: N802
        import zlib

        return zlib.decompressobj(wbits=31)


def test_the_standard_librarys_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def needed(module: str, **_: str) -> Any:
        asked.append(module)
        return StandardLibrary

    monkeypatch.setattr(compression, "needed", needed)
    monkeypatch.setattr(compression, "version_info", (3, 14))
    write(tmp_path / "a.zst", b"one")
    assert b"one" == read(tmp_path / "a.zst")
    assert ["compression.zstd", "compression.zstd"] == asked


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_stream_that_is_open_goes_on_where_it_is(name: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"old\n")
    with log.open("ab") as out:
        subprocess.run([sys.executable, "-c", _TO_A_STREAM, name], stdout=out, check=True)
    assert b"old\nbefore\nhello\nafter\n" == log.read_bytes()
    assert ["log"] == names_in(tmp_path)


def test_a_stream_that_is_a_pipe_is_written() -> None:
    done = subprocess.run([sys.executable, "-c", _TO_A_STREAM, "/dev/stdout"], stdout=subprocess.PIPE, check=True)
    assert b"before\nhello\nafter\n" == done.stdout


_TO_A_STREAM = """
import sys
from chub.frames import writing
print("before", flush=True)
with writing(sys.argv[1]) as file:
    file.write(b"hello\\n")
print("after")
"""


def test_a_stream_of_this_process_stays_open(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as out:
        write(Path(f"/dev/fd/{out.fileno()}"), b"hello")
        out.write(b" and more")
    assert b"hello and more" == (tmp_path / "log").read_bytes()


def test_a_named_pipe_is_written_directly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(tmp_path / "link", b"hello")
        assert b"hello" == os.read(reader, 100)
    finally:
        os.close(reader)
    assert {"link", "pipe"} == set(names_in(tmp_path))


@pytest.mark.parametrize(
    ("link", "target", "compressed"),
    [("a", "b.gz", True), ("a.gz", "b", True), ("a.gz", "b.zst", True), ("a", "b", False), ("a.txt", "b.gz", True)],
)
def test_a_link_is_read_as_it_was_written(link: str, target: str, compressed: bool, tmp_path: Path) -> None:
    (tmp_path / link).symlink_to(tmp_path / target)
    write(tmp_path / link, b"hello")
    assert (tmp_path / link).is_symlink()
    assert b"hello" == read(tmp_path / link)
    assert compressed == (b"\x1f\x8b" == (tmp_path / target).read_bytes()[:2])
