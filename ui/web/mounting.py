"""A page of Gradio's → an application with every switch of Gradio's given."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from ui import loopback
from ui.web.received import received_folder
from ui.web.uploads import MAX_TOTAL_BYTES

_ASSETS = Path(__file__).parent / "assets"
_HEAD = (
    '<meta name="color-scheme" content="light dark">'
    '<link rel="stylesheet" href="/footnote.css"><link rel="stylesheet" href="/library.css">'
    '<script src="/footnote.js" defer></script><script type="module" src="/talk.js"></script>'
)
_SANS = ("system-ui", "Noto Sans", "Segoe UI", "sans-serif")


async def mount(build: Callable[[], gr.Blocks], private: Collection[Path]) -> FastAPI:
    """The page as an application. Made inside an event loop, or Gradio leaves loops of its own.

    Args:
        build: Makes the page.
        private: Folders never served from, whatever Gradio allows.
    """
    received_folder()  # before the components are made, which ask for it once
    page = build()
    mounted: FastAPI = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        path="/",
        server_name=loopback.HOST,
        auth=None,
        root_path="",
        allowed_paths=[],
        blocked_paths=_blocked(private),
        show_error=False,
        max_file_size=MAX_TOTAL_BYTES,  # `ui.web.uploads` says of each file what is too much
        enable_monitoring=False,
        run_history=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        footer_links=[],
        favicon_path=str(_ASSETS / "footnote.svg"),
        theme=gr.themes.Base(font=_SANS, font_mono=("ui-monospace", "monospace")),
        head=_HEAD,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    # Else Gradio asks of no file that an event names whether it was uploaded; the guard asks too.
    page.has_launched = True
    return mounted


def _blocked(folders: Collection[Path]) -> list[str]:
    # Gradio keeps its own files under the temporary folder; a folder above it cannot be blocked.
    temporary = Path(tempfile.gettempdir()).resolve()
    resolved = {folder.resolve() for folder in folders}
    return sorted(str(folder) for folder in resolved if not temporary.is_relative_to(folder))
