"""How vLLM is started and guarded, without one: see tests/vllm for the real server."""

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

VLLM = Path(__file__).parents[3] / "deploy" / "vllm"
AGENTS = ("planning", "finance", "vendor", "communication", "analytics")


def command(adapters: Path, **told: str) -> subprocess.CompletedProcess[str]:
    """What serve.sh would run."""
    usual = {
        "VLLM": "echo",
        "VLLM_API_KEY": "k",
        "ADAPTERS": str(adapters),
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(
        [VLLM / "serve.sh", "--port", "8001"],
        env={**usual, **told},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("memory", "profile"),
    [
        ("24", "24"),
        ("40", "24"),
        ("48", "48"),
        ("80", "80"),
        ("94", "80"),
        ("141", "141"),
        ("cpu", "cpu"),
    ],
)
def test_the_settings_are_those_of_the_memory(tmp_path: Path, memory: str, profile: str):
    told = command(tmp_path, GPU_MEMORY_GB=memory)
    assert told.returncode == 0, told.stderr
    assert f"/{profile}.yaml" in told.stdout
    assert "--lora-modules" not in told.stdout


def test_the_adapters_of_the_five_agents_are_loaded_by_name(tmp_path: Path):
    for name in (*AGENTS, "kazan-vendor-1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter_config.json").write_text("{}")
    told = command(tmp_path, GPU_MEMORY_GB="48", VLLM_MODEL="some/model").stdout
    assert told.startswith("serve some/model --config ")
    modules = told[told.index("--lora-modules") :].split()[1:6]
    assert modules == [f"{name}={tmp_path / name}" for name in AGENTS]
    assert "kazan-vendor-1" not in told


def test_nothing_starts_without_a_key_or_with_too_small_a_gpu(tmp_path: Path):
    assert command(tmp_path, GPU_MEMORY_GB="48", VLLM_API_KEY="").returncode == 2
    assert command(tmp_path, GPU_MEMORY_GB="16").returncode == 2
    assert command(tmp_path / "none", GPU_MEMORY_GB="48").returncode == 2


def test_the_memory_is_asked_of_the_smallest_card(tmp_path: Path):
    """Cards say a little less than what they are sold as."""
    for said, profile in (("23028", "24"), ("46068", "48"), ("81559", "80"), ("143771", "141")):
        stand_in = tmp_path / "nvidia-smi"
        stand_in.write_text(f"#!/bin/sh\necho 999999\necho {said}\n")
        stand_in.chmod(0o755)
        told = command(tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}")
        assert f"/{profile}.yaml" in told.stdout, told.stderr


def test_every_profile_has_the_guard_and_strict_tools():
    for profile in VLLM.glob("*.yaml"):
        text = profile.read_text()
        for line in (
            "middleware: guard.Guard",
            "tool-strict-level: parameter",
            "max-lora-rank: 16",
        ):
            assert f"\n{line}\n" in text, profile.name


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("VLLM_API_KEY", "the-key")
    monkeypatch.setenv("MOST_REQUESTS", "0")
    spec = importlib.util.spec_from_file_location("guard", VLLM / "guard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def inner(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("GET", "/health", "", 200),
        ("POST", "/health", "", 401),
        ("GET", "/v1/models", "the-key", 200),
        ("GET", "/v1/models", "", 401),
        ("GET", "/v1/models", "the-key2", 401),
        ("GET", "/metrics", "", 401),
        ("POST", "/invocations", "the-key", 404),
        ("POST", "/invocations", "", 401),
        ("POST", "/v1/load_lora_adapter", "the-key", 404),
        ("POST", "/v1/chat/completions", "the-key", 429),
        ("OPTIONS", "/v1/models", "", 401),
    ],
)
async def test_only_what_clients_need_is_there(
    guard: ModuleType, method: str, path: str, key: str, status: int
):
    transport = httpx.ASGITransport(app=guard.Guard(inner))
    headers = {"authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://v") as client:
        answered = await client.request(method, path, headers=headers)
    assert answered.status_code == status
    assert status != 429 or answered.headers["retry-after"] == "2"
