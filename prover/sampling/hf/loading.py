"""From a model's name or folder to a sampler; torch and transformers are imported here and not before."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from prover.sampling.port import Sampler
from sandbox.missing import Missing

CPU_ROWS, CUDA_ROWS = 64, 128
"""Samples in one batch, unless set."""
CPU_COLUMNS = 1 << 17
"""Tokens of keys and values held at once on a CPU, unless set."""
SHARE = 0.7
"""Of the memory that is free on the GPU once the model is there, for keys and values."""
HOW = "pip install 'lemmatree[hf]'"
HOW_MODEL = "give a folder with its files, or a name on the hub"


def load_hf(
    model: str,
    *,
    device: str = "auto",
    window: int | None = None,
    max_rows: int | None = None,
    threads: int | None = None,
) -> Sampler | Missing:
    """A sampler over a model of the hub or in a folder: bfloat16 on CUDA, float32 on a CPU. device: `auto` is CUDA
    where there is one. window: fewer positions than the model has. threads: of torch on a CPU, the whole process's;
    where verifiers keep all cores busy, its own choice (one a core) was ten times slower than one thread, because
    its threads spin while they wait for one another. Takes as long as reading the weights."""
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            return Missing(f"the Python package {package}, which hf:{model} needs", HOW)
    if (absent := _no_folder(model)) is not None:
        return absent
    import torch
    import transformers

    # Progress is told by whoever opens the model; these libraries' own lines would run into it.
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if torch.device(device).type == "cuda" else torch.float32
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(model)
        loaded = transformers.AutoModelForCausalLM.from_pretrained(model, dtype=dtype)
    except (OSError, ValueError, KeyError, ImportError) as error:
        said = " ".join(str(error).split())[:300]
        return Missing(f"a model that loads: hf:{model} ({said})", HOW_MODEL)
    try:
        loaded = loaded.to(device).eval()
    except (RuntimeError, AssertionError) as error:
        return Missing(f"room for hf:{model} on {device} ({error})", "use a smaller model, or another device")
    return sampler_of(f"hf:{model}", loaded, tokenizer, window=window, max_rows=max_rows, threads=threads)


def _no_folder(model: str) -> Missing | None:
    """What can be said of a folder without reading a model: the libraries would look for it on the hub."""
    folder = Path(model)
    if folder.is_dir():
        found = (folder / "config.json").is_file()
        return None if found else Missing(f"a model in the folder {model} (it has no config.json)", HOW_MODEL)
    meant = folder.is_absolute() or model.startswith(("./", "../", "~")) or model.count("/") > 1
    return Missing(f"the folder {model}", HOW_MODEL) if meant or folder.exists() else None


def sampler_of(
    name: str,
    model: Any,
    tokenizer: Any,
    *,
    window: int | None = None,
    max_rows: int | None = None,
    max_columns: int | None = None,
    threads: int | None = None,
) -> Sampler | Missing:
    """A sampler over a model that is in memory, with what its limits come to on its device."""
    from prover.sampling.hf.sampler import HfSampler

    config = model.config.get_text_config(decoder=True)
    if not _only_attention(config):
        return Missing(
            f"a decode loop for {name}: some of its layers keep a state that is not keys and values",
            "serve it, for example with vLLM, and use openai:MODEL",
        )
    positions = getattr(config, "max_position_embeddings", None)
    bounds = [n for n in (window, positions) if n]
    cuda = model.device.type == "cuda"
    return HfSampler(
        name,
        model,
        tokenizer,
        window=min(bounds) if bounds else None,
        max_rows=max_rows or (CUDA_ROWS if cuda else CPU_ROWS),
        max_columns=max_columns or (_columns(model, config) if cuda else CPU_COLUMNS),
        threads=threads,
    )


def _only_attention(config: Any) -> bool:
    from transformers.cache_utils import DynamicCache, DynamicLayer, DynamicSlidingWindowLayer

    # A window of attention is also seen to by the mask alone, over keys and values that are all kept.
    return all(type(layer) in (DynamicLayer, DynamicSlidingWindowLayer) for layer in DynamicCache(config=config).layers)


def _columns(model: Any, config: Any) -> int:
    """Tokens whose keys and values fit into the free memory of the GPU, where one copy is made when the batch grows."""
    import torch

    free, _ = torch.cuda.mem_get_info(model.device)
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    per_token = 2 * config.num_hidden_layers * heads * width * model.dtype.itemsize
    return max(int(SHARE * free / 2 / per_token), 1)
