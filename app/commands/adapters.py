"""Adapters in a terminal: what may be learnt from, training, publishing."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import typer

from app.accounts.actors import Actor, system
from app.commands import ready_database, run
from app.commands.markets import Key, market_of
from app.commands.steps import console, progress_bar
from app.database import tenant_session
from app.inference.presets import PROFILES
from app.markets.directory import MarketCard
from app.training.running import Recipe

commands = typer.Typer(no_args_is_help=True)
Replies = Annotated[list[UUID], typer.Argument(help="As `agora adapters waiting` shows them.")]
LONGEST_SHOWN = 300


def _deed(card: MarketCard) -> Actor:
    return system(card.id, "agora adapters")


@commands.command()
def prepare(
    cpu: Annotated[bool, typer.Option("--cpu", help="Without what only a GPU needs.")] = False,
) -> None:
    """Install what trains (torch, transformers, peft) into an environment of its own."""
    from app.training.environment import made_from
    from app.training.running import environment, locks

    console.print(str(made_from(locks()[cpu], environment()).parents[1]), markup=False)


@commands.command()
def waiting(
    market: Key, most: Annotated[int, typer.Option(help="How many, the newest first.")] = 20
) -> None:
    """Show replies that may be approved: of people who agreed that theirs better the answers."""
    with ready_database():
        found = run(_waiting(run(market_of(market)), most))
    for reply in found:
        console.print(f"{reply.id}  {reply.payload['agent']}  {reply.at:%Y-%m-%d}", style="bold")
        console.print(f"  asked: {reply.asked[:LONGEST_SHOWN]}", markup=False)
        console.print(f"  said:  {reply.payload['text'][:LONGEST_SHOWN]}\n", markup=False)
    if not found:
        console.print("There is none.")


@commands.command()
def approve(replies: Replies, market: Key) -> None:
    """Let replies be learnt from."""
    with ready_database():
        run(_approve(run(market_of(market)), replies))
    console.print(f"{len(replies)} approved.")


@commands.command()
def disapprove(replies: Replies, market: Key) -> None:
    """Take approvals back; adapters that have learnt from them stay as they are."""
    with ready_database():
        run(_disapprove(run(market_of(market)), replies))
    console.print(f"{len(replies)} are approved no longer.")


@commands.command()
def train(
    agent: Annotated[str, typer.Argument(help="One of: " + ", ".join(PROFILES))],
    market: Key,
    model: Annotated[str, typer.Option(help="The base: a folder, or a name of the Hub.")],
    endpoint: Annotated[str, typer.Option(help="The market's vLLM endpoint to publish at.")],
    base: Annotated[str, typer.Option(help="What the endpoint calls the base.")] = "base",
    served_as: Annotated[
        str, typer.Option(help="VLLM_MODEL of the server, where it differs from --model.")
    ] = "",
    epochs: Annotated[int, typer.Option(min=1, help="How often all is gone through.")] = 3,
    rank: Annotated[int, typer.Option(min=1, max=16, help="The adapter's size.")] = 16,
    rate: Annotated[float, typer.Option(min=1e-7, max=1.0, help="The rate of learning.")] = 2e-4,
    batch: Annotated[int, typer.Option(min=1, help="Examples at a time.")] = 4,
    context: Annotated[int, typer.Option(min=64, help="Tokens of an example at most.")] = 2048,
) -> None:
    """Train an agent's adapter from approved replies, and publish it if it is better.

    Goes on where it was ended, as long as neither replies nor options have changed.
    """
    recipe = Recipe(model, served_as, rank, epochs, batch, rate, context=context)
    with ready_database():
        run(_train(run(market_of(market)), agent, recipe, (endpoint, base)))


async def _waiting(card: MarketCard, most: int) -> Any:
    from app.training import approvals

    async with tenant_session(card.id) as session:
        return await approvals.waiting(session, _deed(card), most)


async def _approve(card: MarketCard, replies: list[UUID]) -> None:
    from app.training import approvals

    async with tenant_session(card.id) as session:
        for reply_id in replies:
            await approvals.approve(session, _deed(card), reply_id)


async def _disapprove(card: MarketCard, replies: list[UUID]) -> None:
    from app.training import approvals

    async with tenant_session(card.id) as session:
        for reply_id in replies:
            await approvals.disapprove(session, _deed(card), reply_id)


async def _train(card: MarketCard, agent: str, recipe: Recipe, at: tuple[str, str]) -> None:
    from app.training import publishing, running
    from app.training.approvals import approved
    from app.training.examples import examples_of

    actor = _deed(card)
    running.check_agent(agent)
    python = running.training_python()
    async with tenant_session(card.id) as session:
        base = await publishing.endpoint_of(session, actor, *at)
        replies = await approved(session, actor)
    examples = await asyncio.to_thread(examples_of, replies, agent, card.named(card.default_locale))
    with running.workspace(card.id, agent) as folder, progress_bar() as bar:
        shown = bar.add_task(f"{agent}: reading", total=None)

        def tell(said: dict[str, Any]) -> None:
            if "step" in said:
                words = f"{agent}: loss {said['loss']:.3f}"
                bar.update(shown, completed=said["step"], total=said["steps"], description=words)
            elif "learnt" in said:
                console.print(
                    f"{said['learnt']} to learn from, {said['held_out']} to measure with, "
                    f"{said['too_long']} too long"
                )
            elif "resumed" in said:
                console.print(f"Goes on after {said['resumed']} times through all.")

        trained = await running.train(python, folder, examples, recipe, tell)
        measured = trained.measured
        console.print(
            f"On {measured.held_out} answers that were held out: loss {measured.base_loss:.3f} → "
            f"{measured.adapter_loss:.3f}, perplexity {measured.base_perplexity:.1f} → "
            f"{measured.adapter_perplexity:.1f}, better on {measured.better_on}"
        )
        try:
            name = await publishing.publish(actor, card.key, agent, base, trained)
        finally:
            # Neither what people said nor a worse adapter is kept.
            running.clear(folder)
    console.print(
        f"{name} is published. To have it answer: agora models chain {agent} {at[0]}:{name} "
        f"{at[0]}:{at[1]} --market {card.key}",
        markup=False,
    )
