#!/usr/bin/env bash
# Graphics: all layers on the software driver, then no Vulkan loader at all.
set -euo pipefail
. "$(dirname "$0")/rows.sh"
ROOT_V=$SCRATCH/root-vulkan

offload() {
    export GGML_VK_VISIBLE_DEVICES=0
    "$TREE/inglenook-cli" --root "$ROOT_V" settings device Vulkan0
    "$TREE/inglenook-cli" --root "$ROOT_V" settings context 512
    "$TREE/inglenook-cli" --root "$ROOT_V" ask "Hello" --max-tokens 2 --temporary
    grep -h "offloaded" "$ROOT_V/logs/engine.log" | tail -n 1 | sed 's/.*offloaded/offloaded/' || true
    "$TREE/inglenook-cli" --root "$ROOT_V" model fit smollm2 --json | tee "$SCRATCH/fit.json"
    grep -q '"layers": 31' "$SCRATCH/fit.json" || fail "not all layers lie on the card"
    echo "31 of 31 layers on $("$TREE/inglenook-cli" devices --json --root "$ROOT_V" | grep -o 'llvmpipe[^"]*'), 2 tokens"
}

# The loader is hidden in a mount namespace of our own: this machine keeps it.
without_loader() {
    unshare --mount bash -c '
        for each in /usr/lib/*/libvulkan.so.1*; do mount --bind /dev/null "$each"; done
        "$0/inglenook-cli" devices --root "$1" && "$0/inglenook-cli" ask "Hello" --max-tokens 2 --temporary --root "$1"
    ' "$TREE" "$SCRATCH/root-no-loader" | tee "$SCRATCH/no-loader.txt"
    grep -q "Vulkan: not used" "$SCRATCH/no-loader.txt" || fail "nothing was said of Vulkan"
    grep "Vulkan: not used" "$SCRATCH/no-loader.txt"
}

row "Vulkan: all layers on the software driver" offload
row "Vulkan: loader hidden, the processor answers" without_loader
