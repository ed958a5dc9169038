"""The chat page. Importing it settles what Gradio will read from the environment."""

from __future__ import annotations

import os  # Gradio has no other switch for what is set here; nothing of ours reads it.


def _settle_environment() -> None:
    """Leave Gradio no variable that changes its posture, and no reason to leave this machine.

    An empty `allowed_paths` given to Gradio means GRADIO_ALLOWED_PATHS, and some switches have no
    argument at all; so its variables are dropped. Its start-up check asks our own port over HTTP,
    which a proxy variable would send elsewhere.
    """
    environ = os.environ  # noqa: TID251
    for name in [name for name in environ if name.startswith("GRADIO_")]:
        del environ[name]
    environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    environ["HF_HUB_OFFLINE"] = "1"
    environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    loopback = "127.0.0.1,localhost,::1"
    for name in ("no_proxy", "NO_PROXY"):
        environ[name] = ",".join(part for part in (environ.get(name), loopback) if part)


_settle_environment()
