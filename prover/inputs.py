"""Reading what the user names on the command line: a file, `-` for standard input, perhaps with `:target` behind it."""

from __future__ import annotations

import codecs
import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from prover.languages import LANGUAGES, Language, language_of

MAX_BYTES = 2_000_000
"""Default bound on a source file. Longer files are machine-written, and verifiers take minutes on them."""

_LANGUAGES: dict[str, Language] = {".dfy": "dafny", ".lean": "lean"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source file as it was read, once, at the start.

    path: None for standard input. text: decoded, without a byte order mark, line ends as they were. sha256: of the raw
    bytes, hexadecimal. target: a declaration's name, None for the whole file. bom: a byte order mark stood in front.
    """

    path: Path | None
    text: str
    sha256: str
    language: Language = "dafny"
    target: str | None = None
    bom: bool = False

    @property
    def name(self) -> str:
        """The file's name for people."""
        return str(self.path) if self.path else "standard input"

    @property
    def stem(self) -> str:
        """The file's name without folder and extension, `stdin` for standard input."""
        return self.path.stem if self.path else "stdin"

    @property
    def suffix(self) -> str:
        """The file's extension, with its dot; of standard input that of its language."""
        return self.path.suffix if self.path else next(s for s, name in _LANGUAGES.items() if name == self.language)

    @property
    def folder(self) -> Path | None:
        """Where relative `include`s are looked up; None for standard input."""
        return self.path.resolve().parent if self.path else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Input that cannot be used. status: `invalid` (bad input) or `unsupported`. reason: one message with the next
    step."""

    status: Literal["invalid", "unsupported"]
    reason: str
    language: Language | None = None


def source_of(text: str, language: Language, path: Path | None = None) -> SourceFile:
    """A text that no file of its own holds, as if it had been read. path: where its includes or its project are."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return SourceFile(path, text, digest, language)


def split_target(argument: str) -> tuple[str, str | None]:
    """Split `FILE:target`; a file whose own name has a colon wins over the reading as a target."""
    path, colon, target = argument.rpartition(":")
    if not colon or not path or "/" in target or _exists(argument):
        return argument, None
    return path, target


def read_source(
    argument: str, stdin: BinaryIO, *, max_bytes: int = MAX_BYTES, language: str | None = None
) -> SourceFile | Problem:
    """Read `FILE`, `FILE:target`, `-` or `-:target`. language: what the user says it is; else the file's extension
    tells, and of standard input its text. Never raises for bad input."""
    name, target = split_target(argument)
    said = next((known for known in LANGUAGES if known == language), None)
    if language is not None and said is None:
        return Problem("invalid", f"--language {language}: not known here; write --language dafny or --language lean.")
    if target is not None and not target.strip():
        return Problem("invalid", f"{argument}: the target after the colon is empty; write FILE:NAME or just FILE.")
    if name == "-":
        data = stdin.read(max_bytes + 1)
        return _decode(data, path=None, shown="standard input", language=said, target=target, max_bytes=max_bytes)
    path = Path(name)
    found = _look(path)
    if isinstance(found, Problem):
        return found
    known = said or _LANGUAGES.get(path.suffix.lower())
    if known is None:
        kind = f"the extension {path.suffix}" if path.suffix else "a file without extension"
        return Problem(
            "invalid",
            f"{name}: {kind} is not known here; Dafny files end in .dfy, Lean files in .lean; "
            "or say which it is with --language.",
        )
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        return Problem("invalid", f"{name}: cannot be read: {error.strerror or error}.", known)
    return _decode(data, path=path, shown=name, language=known, target=target, max_bytes=max_bytes)


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _look(path: Path) -> Problem | None:
    """Whether the path is a regular file, without opening it (opening a pipe would wait)."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Problem("invalid", f"{path}: no such file.")
    except (OSError, ValueError) as error:
        return Problem("invalid", f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}.")
    if stat.S_ISDIR(mode):
        return Problem("invalid", f"{path}: is a directory; name one file in it.")
    if not stat.S_ISREG(mode):
        return Problem("invalid", f"{path}: is not a regular file; to read from a pipe, give - as the file.")
    return None


def _decode(
    data: bytes, *, path: Path | None, shown: str, language: Language | None, target: str | None, max_bytes: int
) -> SourceFile | Problem:
    if len(data) > max_bytes:
        return Problem(
            "invalid",
            f"{shown}: larger than {max_bytes:,} bytes; raise the limit with max_bytes in prover.toml "
            "or PROVER_MAX_BYTES if you mean it.",
            language,
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Problem(
            "invalid", f"{shown}: is UTF-16 text; convert it, for instance with iconv -f utf-16 -t utf-8.", language
        )
    if b"\0" in data:
        return Problem("invalid", f"{shown}: is a binary file, not source text.", language)
    bom = data.startswith(_BOM)
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return Problem(
            "invalid",
            f"{shown}: is not UTF-8 text (line {line}); convert it, for instance with iconv -f latin1 -t utf-8.",
            language,
        )
    if not text.strip():
        return Problem("invalid", f"{shown}: is empty: there is nothing to prove.", language)
    language = language or language_of(text)
    if language is None:
        told = "neither clearly Dafny nor clearly Lean; say which with --language dafny or --language lean."
        return Problem("invalid", f"{shown}: {told}")
    return SourceFile(path, text, hashlib.sha256(data).hexdigest(), language, target, bom)
