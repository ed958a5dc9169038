"""Looks a generation over in a child process, since a damaged vector file ends its reader."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rag
from rag.errors import RagError
from rag.indexing.generation import Generation
from rag.indexing.manifest import check_files, check_sizes, ids_hash, read_manifest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_PROBES = 500
TIME_LIMIT_SECONDS = 120

REPAIR = "run `footnote repair`"

# The graph is approximate: recall .997 at 10,000 passages, .988 among 250 copies of one text; one
# whose files were lost finds .20 (all measured).
_MIN_FOUND = 0.95
_SAME = 1e-5  # cosine distance, at most, of equal vectors that were rounded to float32
_QUERIES = 100  # at once


@dataclass(frozen=True, slots=True)
class Probes:
    """Passages and the vectors that must find them."""

    ids: tuple[str, ...]
    vectors: NDArray[np.float32]


def find_problems(directory: Path, probes: Probes | None) -> list[str]:
    """What is wrong with the generation in the folder; it is looked over in a child process.

    Args:
        directory: The generation.
        probes: Passages to look for; by default some of its own.
    """
    # -P and the package's own folder in front: the working directory may hold a `rag` or `numpy`.
    start = (
        "import sys; sys.path.insert(0, sys.argv[2]); from rag.indexing.check import main; main()"
    )
    package = str(Path(rag.__file__).resolve().parent.parent)
    try:
        done = subprocess.run(  # noqa: S603 - our own code, and a path
            [sys.executable, "-P", "-c", start, str(directory), package],
            input=_packed(probes),
            capture_output=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [f"{directory}: cannot be read within {TIME_LIMIT_SECONDS} s; {REPAIR}"]
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        how = f"signal {-done.returncode}" if done.returncode < 0 else " ".join(last)
        return [f"{directory}: reading it ends in a crash ({how}); {REPAIR}"]
    problems: list[str] = json.loads(done.stdout)
    return problems


def main() -> None:
    """The child: names the generation's problems on standard output, as a JSON list."""
    problems = _problems(Path(sys.argv[1]), _unpacked(sys.stdin.buffer.read()))
    sys.stdout.write(json.dumps(list(dict.fromkeys(problems))))


def _problems(directory: Path, probes: Probes | None) -> Iterator[str]:
    try:
        check_sizes(directory)
        check_files(directory, read_manifest(directory))
        generation = Generation(directory)
    except RagError as error:
        yield str(error)
        return
    for look in (_wrong_ids, _wrong_lexical, _lost_vectors):
        try:
            yield from look(generation, probes)
        except RagError as error:
            yield str(error)
    generation.close()
    try:
        # A file that opening has changed would be refused the next time.
        check_files(directory, generation.manifest)
    except RagError as error:
        yield str(error)


def _wrong_ids(generation: Generation, _: Probes | None) -> Iterator[str]:
    ids = generation.ids()
    if ids_hash(ids) != generation.manifest.ids_sha256 or len(ids) != len(generation):
        yield f"{generation.directory}: its passages are not those of its manifest; {REPAIR}"
    indexed = generation.collection.get(include=[])["ids"]
    if sorted(indexed) != sorted(ids):
        yield f"{generation.directory}: the dense index does not hold the same passages; {REPAIR}"


def _wrong_lexical(generation: Generation, _: Probes | None) -> Iterator[str]:
    found = generation.lexical.scores["num_docs"]
    if found != max(1, len(generation)):
        count = f"{found} of {len(generation)} passages"
        yield f"{generation.directory}: the lexical index holds {count}; {REPAIR}"


def _lost_vectors(generation: Generation, probes: Probes | None) -> Iterator[str]:
    """Searches for vectors: only that proves an index, Chroma's count stays right without files."""
    probes = _with_direction(probes or _own_probes(generation))
    n_probes = len(probes.ids)
    n_found = sum(
        _n_found(generation, probes.ids[i : i + _QUERIES], probes.vectors[i : i + _QUERIES])
        for i in range(0, n_probes, _QUERIES)
    )
    if n_found < _MIN_FOUND * n_probes:
        yield (
            f"{generation.directory}: only {n_found} of {n_probes} passages are found by their own"
            f" vectors; {REPAIR}"
        )


def _with_direction(probes: Probes) -> Probes:
    """Without zero vectors, which some models make of unknown words: nothing is found by those."""
    import numpy as np

    sound = np.flatnonzero(np.any(probes.vectors, axis=-1))
    return Probes(tuple(probes.ids[n] for n in sound), probes.vectors[sound])


def _n_found(generation: Generation, ids: Sequence[str], vectors: NDArray[np.float32]) -> int:
    answers = generation.collection.query(query_embeddings=vectors, n_results=1, include=[])["ids"]
    return sum(
        answer == [wanted] or _are_twins(generation, {wanted, *answer}, vector)
        for answer, wanted, vector in zip(answers, ids, vectors, strict=True)
    )


def _are_twins(generation: Generation, ids: set[str], vector: NDArray[np.float32]) -> bool:
    """Whether every one of the passages has that vector: of equal texts any may come first."""
    import numpy as np

    found = generation.collection.get(ids=sorted(ids), include=["embeddings"])["embeddings"]
    stored = np.zeros((0, vector.size)) if found is None else np.asarray(found)
    lengths = np.linalg.norm(stored, axis=1) * np.linalg.norm(vector)
    return len(stored) == len(ids) and bool(np.all(stored @ vector > (1 - _SAME) * lengths))


def _own_probes(generation: Generation) -> Probes:
    import numpy as np

    ids = generation.ids()[:: probe_step(len(generation))]
    found = generation.collection.get(ids=ids, include=["embeddings"]) if ids else None
    if found is None or found["embeddings"] is None:
        return Probes((), np.zeros((0, 0), dtype=np.float32))
    return Probes(tuple(found["ids"]), np.asarray(found["embeddings"], dtype=np.float32))


def probe_step(n_passages: int) -> int:
    """Every how many passages one is looked for, so that at most `MAX_PROBES` are."""
    return max(1, -(-n_passages // MAX_PROBES))


def _packed(probes: Probes | None) -> bytes:
    if probes is None:
        return b""
    import numpy as np

    buffer = io.BytesIO()
    ids = np.array(probes.ids, dtype=np.str_)
    np.savez(buffer, allow_pickle=False, ids=ids, vectors=probes.vectors)
    return buffer.getvalue()


def _unpacked(raw: bytes) -> Probes | None:
    if not raw:
        return None
    import numpy as np

    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        return Probes(tuple(str(passage_id) for passage_id in arrays["ids"]), arrays["vectors"])
