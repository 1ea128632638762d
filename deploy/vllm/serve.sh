#!/usr/bin/env bash
# Serves one base model, and adapters on it by name, with the settings for this GPU's memory.
#
#   VLLM_API_KEY=... [VLLM_MODEL=...] [ADAPTERS=/adapters] [GPU_MEMORY_GB=48] serve.sh [more of vLLM's]
#
# The adapters of the five agents are loaded at the start where they are there. Any other folder of
# ADAPTERS is loaded when a model of its name is first asked for, so that publishing an adapter
# needs no restart. See docs/models.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
adapters=${ADAPTERS:-/adapters}
[ -n "${VLLM_API_KEY:-}" ] || { echo "Say which key clients must show: VLLM_API_KEY=..." >&2; exit 2; }
[ -d "$adapters" ] || { echo "There is no folder of adapters at $adapters (ADAPTERS)." >&2; exit 2; }

if [ -z "${GPU_MEMORY_GB:-}" ]; then
    mebibytes=$(nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits | sort -n | head -1)
    # What a card reports is a little less than what it is sold as.
    GPU_MEMORY_GB=$((mebibytes * 107 / 102400))
fi
profile=cpu
if [ "$GPU_MEMORY_GB" != cpu ]; then
    profile=
    for size in 24 48 80 141; do
        [ "$GPU_MEMORY_GB" -ge "$size" ] && profile=$size
    done
    [ -n "$profile" ] || { echo "A GPU of at least 24 GB is needed, not $GPU_MEMORY_GB." >&2; exit 2; }
fi

modules=()
for agent in planning finance vendor communication analytics; do
    [ -f "$adapters/$agent/adapter_config.json" ] && modules+=("$agent=$adapters/$agent")
done

export PYTHONPATH=$here${PYTHONPATH:+:$PYTHONPATH}
export VLLM_PLUGINS=lora_filesystem_resolver VLLM_ALLOW_RUNTIME_LORA_UPDATING=1
export VLLM_LORA_RESOLVER_CACHE_DIR=$adapters VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1
exec ${VLLM:-vllm} serve ${VLLM_MODEL:+"$VLLM_MODEL"} --config "$here/$profile.yaml" \
    --served-model-name base ${modules[@]+--lora-modules "${modules[@]}"} "$@"
