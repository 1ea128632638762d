"""Trains a LoRA adapter and measures it against its base; run by a Python that has torch and peft.

    python train_lora.py PLAN

PLAN is a JSON file: see `app.training.running`. What is done is told on the output as lines of
JSON. After each epoch the state is put beside PLAN, so that a run that was ended goes on there and
comes to the same adapter; `adapter/` appears whole, when it is trained and measured.
"""

import json
import math
import os
import random
import shutil
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from transformers import AutoModelForCausalLM, AutoTokenizer

IGNORED = -100
"""The label of what is not to be learnt: torch's own word for it."""


def tell(**what):
    """Say something to whoever started this."""
    print(json.dumps(what), flush=True)


def encoded(tokenizer, messages, most):
    """An example as tokens, and which of them are the answer, or None where it is too long."""
    prompt = tokenizer.apply_chat_template(
        messages[:-1], tokenize=False, add_generation_prompt=True
    )
    asked = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    answer = tokenizer(messages[-1]["content"], add_special_tokens=False)["input_ids"]
    answer.append(tokenizer.eos_token_id)
    if len(asked) + len(answer) > most:
        return None
    return asked + answer, [IGNORED] * len(asked) + answer


def batch_of(examples, device, filler):
    """Examples side by side, the short ones filled up."""
    longest = max(len(tokens) for tokens, _ in examples)

    def filled(values, sign):
        return torch.tensor([one + [sign] * (longest - len(one)) for one in values], device=device)

    tokens = filled([tokens for tokens, _ in examples], filler)
    return {
        "input_ids": tokens,
        "attention_mask": filled([[1] * len(tokens) for tokens, _ in examples], 0),
        "labels": filled([labels for _, labels in examples], IGNORED),
    }


def losses_of(model, examples, device, filler):
    """The mean loss of each example's answer, and how many tokens it has."""
    model.eval()
    told = []
    with torch.no_grad():
        for example in examples:
            loss = model(**batch_of([example], device, filler)).loss
            told.append((loss.item(), sum(label != IGNORED for label in example[1])))
    return told


def mean(losses):
    """The mean loss of a token."""
    return sum(loss * count for loss, count in losses) / sum(count for _, count in losses)


class Training:
    """One adapter in the making; `plan` says how."""

    def __init__(self, plan, folder):
        self.plan, self.folder = plan, folder
        torch.manual_seed(plan["seed"])
        if plan["threads"]:
            torch.set_num_threads(plan["threads"])
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = AutoTokenizer.from_pretrained(plan["model"])
        kind = torch.bfloat16 if self.device == "cuda" else torch.float32
        base = AutoModelForCausalLM.from_pretrained(plan["model"], dtype=kind).to(self.device)
        wanted = LoraConfig(
            r=plan["rank"],
            lora_alpha=2 * plan["rank"],
            lora_dropout=plan["dropout"],
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        self.model = get_peft_model(base, wanted)
        self.filler = self.tokenizer.pad_token_id or self.tokenizer.eos_token_id
        weights = [weight for weight in self.model.parameters() if weight.requires_grad]
        self.optimizer = torch.optim.AdamW(weights, lr=plan["rate"], weight_decay=0.0)

    def read(self):
        """The examples to learn from and those that measure."""
        learnt, held_out, left_out = [], [], 0
        with Path(self.plan["examples"]).open() as file:
            for line in file:
                example = json.loads(line)
                made = encoded(self.tokenizer, example["messages"], self.plan["context"])
                if made is None:
                    left_out += 1
                else:
                    (held_out if example["held_out"] else learnt).append(made)
        tell(learnt=len(learnt), held_out=len(held_out), too_long=left_out)
        if not learnt or not held_out:
            sys.exit("Too few examples fit the context.")
        return learnt, held_out

    def learn(self, examples):
        """Go through the examples again and again, from where the last run ended."""
        size, epochs = self.plan["batch"], self.plan["epochs"]
        per_epoch = math.ceil(len(examples) / size)
        steps = per_epoch * epochs
        for epoch in range(self.resume(), epochs):
            # Order and dropout depend on the epoch alone, so that a resumed run does the same.
            order = list(examples)
            random.Random(f"{self.plan['seed']} {epoch}").shuffle(order)  # noqa: S311
            torch.manual_seed(self.plan["seed"] + epoch)
            self.model.train()
            for number in range(per_epoch):
                step = epoch * per_epoch + number
                rate = self.plan["rate"] * min(1.0, (step + 1) / max(1, steps // 10))
                for group in self.optimizer.param_groups:
                    group["lr"] = rate * (1 - step / steps)
                chosen = order[number * size : (number + 1) * size]
                loss = self.model(**batch_of(chosen, self.device, self.filler)).loss
                if not torch.isfinite(loss):
                    sys.exit("The loss is no number any more; try a lower rate.")
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimizer.step()
                self.optimizer.zero_grad()
                tell(step=step + 1, steps=steps, loss=round(loss.item(), 4))
            self.keep(epoch + 1)

    def keep(self, epochs):
        """Put the state down, whole or not at all."""
        state = {
            "epochs": epochs,
            "adapter": get_peft_model_state_dict(self.model),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, self.folder / "state.part")
        os.replace(self.folder / "state.part", self.folder / "state")

    def resume(self):
        """After how many epochs the last run ended."""
        path = self.folder / "state"
        if not path.exists():
            return 0
        state = torch.load(path, map_location=self.device, weights_only=True)
        set_peft_model_state_dict(self.model, state["adapter"])
        self.optimizer.load_state_dict(state["optimizer"])
        tell(resumed=state["epochs"])
        return state["epochs"]

    def measure(self, examples):
        """How much better the adapter foresees the answers that it was not shown."""
        adapted = losses_of(self.model, examples, self.device, self.filler)
        with self.model.disable_adapter():
            base = losses_of(self.model, examples, self.device, self.filler)
        better = sum(new < old for (new, _), (old, _) in zip(adapted, base, strict=True))
        return {
            "base_loss": mean(base),
            "adapter_loss": mean(adapted),
            "base_perplexity": math.exp(min(mean(base), 700)),
            "adapter_perplexity": math.exp(min(mean(adapted), 700)),
            "better_on": better,
            "held_out": len(examples),
        }

    def write(self, measured):
        """Put the adapter down, whole or not at all."""
        part = self.folder / "adapter.part"
        shutil.rmtree(part, ignore_errors=True)
        self.model.peft_config["default"].base_model_name_or_path = self.plan["served_as"]
        self.model.save_pretrained(part)
        (part / "README.md").unlink(missing_ok=True)
        (part / "measured.json").write_text(json.dumps(measured, indent=1))
        shutil.rmtree(self.folder / "adapter", ignore_errors=True)
        part.rename(self.folder / "adapter")


def main():
    """Do what the plan says."""
    path = Path(sys.argv[1])
    training = Training(json.loads(path.read_text()), path.parent)
    learnt, held_out = training.read()
    training.learn(learnt)
    measured = training.measure(held_out)
    training.write(measured)
    tell(measured=measured)


if __name__ == "__main__":
    main()
