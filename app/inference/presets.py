"""What is known of kinds of endpoints and of vendors before anyone configures one."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Kind:
    """How endpoints of a kind are called.

    `asks` names what the kind needs in `told`; `url` is its address where it has one of its own.
    """

    key: str
    name: str
    url: str = ""
    asks: tuple[str, ...] = ("ca",)
    needs_secret: bool = True
    max_completion_tokens: bool = False
    """Whether the newer name of the limit is understood; `max_tokens` is by all others."""
    frequency_penalty: bool = True
    stream_options: bool = True
    cache_salt: bool = False
    strict_tools: bool = False
    """Whether arguments of tools follow their schema only where that is asked for."""
    local: bool = False
    embeds: bool = False
    """Whether it may serve models that make vectors, at `/embeddings`."""


DIMENSIONS = (256, 384, 512, 768, 1024, 1536, 2048)
"""How many numbers a vector may have; search has an index for each."""

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("vllm", "vLLM", needs_secret=False, cache_salt=True, strict_tools=True, embeds=True),
        Kind("openai", "OpenAI-compatible", needs_secret=False, embeds=True),
        Kind(
            "hub",
            "Hugging Face Inference Providers",
            url="https://router.huggingface.co/v1",
            asks=("provider", "bill_to"),
        ),
        Kind(
            "gigachat",
            "GigaChat",
            url="https://gigachat.devices.sberbank.ru/api/v1",
            asks=("oauth", "scope", "ca"),
            # Its reference names repetition_penalty instead, which means something else.
            frequency_penalty=False,
            stream_options=False,
        ),
        Kind(
            "yandexgpt",
            "YandexGPT",
            url="https://llm.api.cloud.yandex.net/v1",
            asks=("folder", "ca"),
            frequency_penalty=False,
        ),
        Kind("llamacpp", "llama.cpp on this machine", asks=(), needs_secret=False, local=True),
    )
}

GIGACHAT_OAUTH = "https://ngw.devices.sberbank.ru:9443/api/v2/oauth"
GIGACHAT_SCOPES = ("GIGACHAT_API_PERS", "GIGACHAT_API_B2B", "GIGACHAT_API_CORP")


@dataclass(frozen=True)
class ModelPreset:
    """A model as its vendor describes it; prices change, so none is known here."""

    name: str
    context: int
    tools: bool = False
    json_output: bool = False


@dataclass(frozen=True)
class Preset:
    """A vendor: the kind of its endpoints, and models that it offers."""

    key: str
    name: str
    kind: str
    url: str = ""
    models: tuple[ModelPreset, ...] = ()
    documented_at: str = ""


PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            "openai",
            "OpenAI",
            "openai",
            url="https://api.openai.com/v1",
            models=(ModelPreset("gpt-4.1-mini", 1_047_576, tools=True, json_output=True),),
            documented_at="https://platform.openai.com/docs/api-reference/chat",
        ),
        Preset(
            "gigachat",
            "GigaChat",
            "gigachat",
            url=KINDS["gigachat"].url,
            # Functions have a form of their own there, so that tools are not offered to it.
            models=(
                ModelPreset("GigaChat-2", 128_000),
                ModelPreset("GigaChat-2-Pro", 128_000),
                ModelPreset("GigaChat-2-Max", 128_000),
            ),
            documented_at="https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/gigachat-api",
        ),
        Preset(
            "yandexgpt",
            "YandexGPT",
            "yandexgpt",
            url=KINDS["yandexgpt"].url,
            models=(
                ModelPreset("yandexgpt/latest", 32_768, tools=True, json_output=True),
                ModelPreset("yandexgpt-lite/latest", 32_768, tools=True, json_output=True),
            ),
            documented_at="https://yandex.cloud/docs/ai-studio/concepts/openai-compatibility",
        ),
        Preset(
            "t-pro",
            "T-Pro",
            "vllm",
            models=(ModelPreset("t-tech/T-pro-it-2.0", 32_768, tools=True, json_output=True),),
            documented_at="https://huggingface.co/t-tech/T-pro-it-2.0",
        ),
        Preset(
            "cotype",
            "Cotype",
            "vllm",
            models=(ModelPreset("MTSAIR/Cotype-Nano", 32_768, json_output=True),),
            documented_at="https://huggingface.co/MTSAIR/Cotype-Nano",
        ),
    )
}
"""T-Pro and Cotype are open weights that one serves oneself, by vLLM."""


@dataclass(frozen=True)
class Profile:
    """How an agent's answers are written."""

    temperature: float
    max_tokens: int
    top_p: float
    frequency_penalty: float


PROFILES: dict[str, Profile] = {
    "maestro": Profile(0.3, 1000, 0.9, 0.0),
    "planning": Profile(0.5, 2000, 0.9, 0.2),
    "finance": Profile(0.3, 1000, 0.8, 0.0),
    "vendor": Profile(0.7, 1500, 0.9, 0.3),
    "communication": Profile(0.6, 1200, 0.85, 0.2),
    "analytics": Profile(0.4, 4000, 0.8, 0.1),
}
"""The agents that write, and their defaults."""

MILLION = Decimal(1_000_000)
