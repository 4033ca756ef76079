"""FastAPI's test client over httpx, without the warning that newer Starlette gives for that."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r".*httpx2", category=UserWarning)
    warnings.filterwarnings("ignore", message=r".*httpx2", category=DeprecationWarning)
    from fastapi.testclient import TestClient

__all__ = ["TestClient"]
