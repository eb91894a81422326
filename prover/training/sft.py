"""Supervised fine-tuning on exported pairs, with trl: full, or LoRA through peft; a hub model, a folder, or a small
one from scratch. The same call trains a toy on a CPU and a model of 8 billion parameters on a GPU.

Loss on the completion only. The folder that comes out is a transformers model with a `lemmatree.json` that names the
family of its prompts, so that `--policy hf:FOLDER` asks it as it was taught."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from prover.jsonlines import read_json_lines
from prover.model_family import FAMILY_FILE
from prover.training.scratch import SIZES, make_model, make_tokenizer
from sandbox.missing import Missing

SCRATCH = "scratch:"


@dataclass(frozen=True, slots=True)
class SftSettings:
    """How to train. model: a folder, a hub name, or `scratch:tiny`, `scratch:small`. epochs: passes over the pairs.
    minutes: wall clock of the training itself at most, None for no bound; the learning rate falls to 0 over whichever
    ends first. batch: pairs per step and device; accumulate: steps of one update. length: tokens of a pair at most,
    longer ones are left out. lora: rank, 0 trains all weights. keep: share of the pairs held back for the loss at the
    end."""

    model: str
    epochs: float = 3.0
    minutes: float | None = None
    batch: int = 8
    accumulate: int = 1
    learning_rate: float = 2e-5
    warmup: int = 20
    length: int = 4096
    lora: int = 0
    keep: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it. pairs: used, and left out for their length. loss: the mean over the last tenth of the updates;
    held_out: on the pairs kept back, None where there were none."""

    folder: Path
    family: str
    pairs: int
    left_out: int
    parameters: int
    updates: int
    seconds: float
    loss: float
    held_out: float | None


@dataclass(frozen=True, slots=True)
class NotTrained:
    """Why nothing was trained, with the next step."""

    reason: str


def read_pairs(files: Sequence[Path]) -> list[dict[str, Any]] | NotTrained:
    """The pairs of exported files, all of one family."""
    rows: list[dict[str, Any]] = []
    for file in files:
        if not file.is_file():
            return NotTrained(f"{file}: no such file; make one with `prover train export RUN... --out FILE`.")
        read = [r for r in read_json_lines(file) if "prompt" in r and "completion" in r]
        if not all(isinstance(r["prompt"], str | list) and type(r["prompt"]) is type(r["completion"]) for r in read):
            return NotTrained(f"{file}: prompt and completion of a pair are both texts, or both lists of turns.")
        rows += read
    if not rows:
        return NotTrained("there are no pairs in these files; `prover train export` tells why it left them out.")
    families = {str(r.get("family", "")) for r in rows}
    if len(families) > 1:
        return NotTrained(f"the pairs are of several families ({', '.join(sorted(families))}): export them as one.")
    return rows


def train(
    rows: Sequence[Mapping[str, Any]],
    out: Path,
    settings: SftSettings,
    tell: Callable[[str], None] = lambda line: None,
) -> Trained | NotTrained | Missing:
    """Train on pairs and write the model to a folder. tell: hears how it goes, a line at a time. Needs the extra
    `train`."""
    try:
        import torch
        from datasets import Dataset
        from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback, TrainerCallback
        from trl import SFTConfig, SFTTrainer
    except ImportError as error:
        return Missing(f"training needs {error.name}", "pip install 'lemmatree[train]'")
    cuda = torch.cuda.is_available()
    if settings.model.startswith(SCRATCH):
        size = SIZES.get(settings.model.removeprefix(SCRATCH))
        if size is None:
            return NotTrained(f"--model {settings.model}: there are {', '.join(SCRATCH + name for name in SIZES)}.")
        if not all(isinstance(r["prompt"], str) for r in rows):
            return NotTrained("models from scratch know no chats: export the pairs with --family compact.")
        tokenizer = make_tokenizer((str(r[c]) for r in rows for c in ("prompt", "completion")), size)
        model = make_model(tokenizer, size, seed=settings.seed)
        length = min(settings.length, size.window)
    else:
        try:
            tokenizer = AutoTokenizer.from_pretrained(settings.model)
            model = AutoModelForCausalLM.from_pretrained(
                settings.model, dtype=torch.bfloat16 if cuda else torch.float32
            )
        except (OSError, ValueError) as error:
            return NotTrained(f"--model {settings.model} cannot be loaded: {str(error).splitlines()[0]}")
        length = settings.length
    used = [r for r in rows if _tokens(tokenizer, r) < length]
    if not used:
        return NotTrained(f"all {len(rows)} pairs are longer than {length} tokens: give a larger --length.")
    data = Dataset.from_list([{"prompt": r["prompt"], "completion": r["completion"]} for r in used])
    data = data.shuffle(seed=settings.seed)
    held = max(1, round(len(used) * settings.keep)) if settings.keep else 0
    updates = max(1, math.ceil((len(used) - held) / (settings.batch * settings.accumulate) * settings.epochs))
    clock = Clock(settings.minutes, updates, min(settings.warmup, max(updates // 4, 1)))
    config = SFTConfig(
        output_dir=str(out),
        max_steps=updates,
        per_device_train_batch_size=settings.batch,
        per_device_eval_batch_size=settings.batch,
        gradient_accumulation_steps=settings.accumulate,
        learning_rate=settings.learning_rate,
        max_length=None,
        bf16=cuda,
        use_cpu=not cuda,
        gradient_checkpointing=cuda,
        train_sampling_strategy="group_by_length",
        logging_strategy="steps",
        logging_steps=max(1, updates // 20),
        save_strategy="no",
        eval_strategy="no",
        report_to=[],
        disable_tqdm=True,
        seed=settings.seed,
        dataloader_pin_memory=cuda,
    )

    class Teller(TrainerCallback):  # type: ignore[misc]
        """Tells the losses, and ends the training when its time is over."""

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            if logs and "loss" in logs:
                clock.losses.append(float(logs["loss"]))
                tell(f"update {state.global_step} of {updates}: loss {logs['loss']:.3f}")

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if clock.over:
                control.should_training_stop = True

    class Trainer(SFTTrainer):  # type: ignore[misc]
        """With a learning rate that knows of the time."""

        def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
            chosen = self.optimizer if optimizer is None else optimizer
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(chosen, clock.rate)
            return self.lr_scheduler

    trainer = Trainer(
        model=model,
        args=config,
        train_dataset=data.select(range(held, len(used))),
        eval_dataset=data.select(range(held)) if held else None,
        processing_class=tokenizer,
        peft_config=_lora(settings.lora) if settings.lora else None,
        callbacks=[Teller()],
    )
    trainer.remove_callback(PrinterCallback)
    tell(f"training on {len(used) - held} pairs, {updates} updates of {settings.batch * settings.accumulate}")
    done = trainer.train()
    held_out = float(trainer.evaluate()["eval_loss"]) if held else None
    final = trainer.model.merge_and_unload() if settings.lora else trainer.model
    final.save_pretrained(out)
    tokenizer.save_pretrained(out)
    family = str(rows[0].get("family", ""))
    about = {"family": family, "base": settings.model, "pairs": len(used) - held, "settings": asdict(settings)}
    (out / FAMILY_FILE).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return Trained(
        folder=out,
        family=family,
        pairs=len(used) - held,
        left_out=len(rows) - len(used),
        parameters=sum(p.numel() for p in final.parameters()),
        updates=int(done.global_step),
        seconds=float(done.metrics["train_runtime"]),
        loss=clock.losses[-1] if clock.losses else float(done.training_loss),
        held_out=held_out,
    )


class Clock:
    """When a training ends: after so many updates, or minutes (None for no bound). losses: as they were told."""

    def __init__(self, minutes: float | None, updates: int, warmup: int) -> None:
        self._started = time.monotonic()
        self._seconds = math.inf if minutes is None else 60 * minutes
        self._updates = updates
        self._warmup = warmup
        self.losses: list[float] = []

    @property
    def over(self) -> bool:
        """Whether the time is."""
        return time.monotonic() - self._started >= self._seconds

    def rate(self, update: int) -> float:
        """The share of the learning rate at an update: up over the warm-up, then down to 0 at the end."""
        done = max(update / self._updates, (time.monotonic() - self._started) / self._seconds)
        return min(1.0, (update + 1) / self._warmup) * max(1.0 - done, 0.0)


def _tokens(tokenizer: Any, row: Mapping[str, Any]) -> int:
    prompt, completion = row["prompt"], row["completion"]
    if isinstance(prompt, str):
        return len(tokenizer(f"{prompt}{completion}")["input_ids"]) + 1
    return len(tokenizer.apply_chat_template([*prompt, *completion], tokenize=True, return_dict=True)["input_ids"])


def _lora(rank: int) -> Any:
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
