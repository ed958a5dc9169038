"""What can go wrong, as one tree. Readers see a message as it is: it names thing and remedy.

RagError
├── ConfigError         footnote.toml, a variable or a flag has a value that cannot be used
├── ArticleError        a file cannot be read as an article
├── CorpusError         a folder or the set of articles cannot be indexed
├── ModelError          a model file is missing, damaged or does not answer
│   └── LlmError        a language model's server fails or breaks off
├── IndexDamagedError   the stored index fails its checks
├── IndexLockedError    another process is writing to the index
├── IndexMissingError   there is no index yet
├── IndexMismatchError  the index was built with other settings, or by another release
├── QuestionError       the question cannot be asked as it is
└── UnknownArticleError no article of that id is indexed
"""

from __future__ import annotations


class RagError(Exception):
    """Base of every error that a reader can act on."""


class ConfigError(RagError):
    """A setting has a value that cannot be used."""


class ArticleError(RagError):
    """A file cannot be read as an article."""


class CorpusError(RagError):
    """A folder or set of articles cannot be indexed."""


class ModelError(RagError):
    """A model file is missing or damaged, or an endpoint does not answer."""


class LlmError(ModelError):
    """A language model's server fails or breaks off. The message says how, without remedy or key.

    It fits into "The model … is unavailable (timeout after 20 s)".
    """

    def __init__(self, reason: str, *, too_long: bool = False, detail: str = "") -> None:
        """Says what has happened.

        Args:
            reason: The message.
            too_long: Whether a shorter prompt could help.
            detail: The server's own words, where they tell nothing secret.
        """
        super().__init__(reason)
        self.too_long = too_long
        self.detail = detail


class IndexDamagedError(RagError):
    """The stored index fails its checks."""


class IndexLockedError(RagError):
    """Another process is writing to the index."""


class IndexMissingError(RagError):
    """There is no index yet."""


class IndexMismatchError(RagError):
    """The index was built with other settings, or by another release, than the ones in force."""


class QuestionError(RagError):
    """The question cannot be asked as it is."""


class UnknownArticleError(RagError):
    """No article of that id is indexed."""
