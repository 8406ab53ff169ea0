"""The sentences of a brief, made from the figures of a result; nothing is typed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator import glossary
from simulator.compare import BETTER, NEED_LINES
from simulator.present.brief_parts import Teller
from simulator.present.sentences.idle import with_idle
from simulator.present.sentences.verdict import (
    cash_words,
    count_words,
    items_failed,
    shown_gap,
    verdict_parts,
    worst_gap,
)
from simulator.present.table import Table, word_of
from simulator.present.tables.catalogue import verdict_line
from simulator.present.tables.comparison import sides
from simulator.present.tables.money import appropriation_notes, revenue_note
from simulator.results.school_counts import schools_counted
from simulator.scenario.describe import describe, difference, speaking
from simulator.scenario.naming import pack_label


def title(teller: Teller) -> str:
    """The brief's title."""
    return teller.say("title", district=teller.result.binding.district.name)


def subtitle(teller: Teller) -> str:
    """Scenario, base year and content hash in a line."""
    return teller.say(
        "subtitle",
        scenario=teller.result.binding.scenario.title(teller.language),
        base_year=teller.result.index.base_year,
        hash=teller.result.identity[:12],
    )


def summary(teller: Teller) -> str:
    """What a director reads first: the verdict, and whether the money is enough."""
    return teller.say(
        "summary",
        verdict=verdict_line(teller.printer),
        money=money_verdict(teller),
        first=teller.years[0],
        last=teller.years[-1],
    )


def money_verdict(teller: Teller) -> str:
    """Whether the money is enough, and the worst year."""
    worst, gap = worst_gap(teller.printer)
    if not math.isfinite(gap):
        return teller.say("money_unknown")
    short = [str(year) for year in teller.years if shown_gap(teller.printer, year) < 0]
    amount = cash_words(teller.printer, gap)
    if not short:
        return teller.say("money_enough", year=worst, gap=amount)
    return teller.say("money_short", years=teller.joined(short), year=worst, gap=amount)


def asked(teller: Teller) -> list[str]:
    """What was asked, of which data, for which years."""
    binding = teller.result.binding
    scenario = speaking(binding.scenario)
    words = scenario.question or scenario.note
    question = words.get(teller.language) or next(iter(words.values()), "")
    scope = teller.say(
        "scope",
        district=binding.district.name,
        schools=len(teller.result.index.schools),
        base_year=teller.result.index.base_year,
        first=teller.years[0],
        last=teller.years[-1],
    )
    return [teller.say("question", question=question), scope] if question else [scope]


def assumptions(teller: Teller) -> tuple[str, list[str]]:
    """What the scenario says against its base: how it begins, and its clauses."""
    scenario = speaking(teller.result.binding.scenario)
    clauses = describe(scenario, teller.language, teller.result.index.base_year)
    if scenario.base is None:
        return teller.say("assumptions_alone"), clauses
    base = scenario.base.title(teller.language)
    if not clauses:
        return teller.say("assumptions_same", base=base), []
    return teller.say("assumptions_changed", base=base), clauses


def ground(teller: Teller) -> str:
    """Packs in force and what recurrent revenue covers."""
    names = [pack_label(pack, teller.language) for pack in teller.result.binding.policy.packs]
    packs = teller.joined(names) or teller.say("no_packs")
    revenue = revenue_note(teller.printer)
    return glossary.run_on([teller.say("packs", packs=packs), revenue], teller.language)


def outcome(teller: Teller) -> str:
    """The verdict: when everything is met, or what stands in the way; items that fail beside."""
    found = _outcome(teller)
    if not items_failed(teller.printer):
        return found
    items = next(each.text for each in verdict_parts(teller.printer) if each.id == "items")
    said = teller.say("items", items=items)
    return f"{found}{said}" if teller.language == "zh" else f"{found.rstrip()} {said}"


def _outcome(teller: Teller) -> str:
    verdict = teller.result.verdict
    if verdict.lasting_year is not None:
        return teller.say("all_met", year=verdict.lasting_year)
    last = verdict.years.iloc[-1]
    kinds = ("rules_ok", "money_ok", "balanced")
    wanting = [teller.say(f"wanting.{kind}") for kind in kinds if last[kind] is False]
    unknown = [teller.say(f"wanting.{kind}") for kind in kinds if last[kind] is None]
    parts = [teller.say("not_met", last=teller.years[-1], what=teller.joined(wanting))]
    if unknown:
        parts.append(teller.say("not_known", what=teller.joined(unknown)))
    return "".join(parts if wanting else parts[1:])


def money(teller: Teller) -> list[str]:
    """How need and money move, and what most of the need is."""
    first, last = teller.years[0], teller.years[-1]
    need, available = (
        {year: teller.printed[year][name] for year in (first, last)}
        for name in ("need", "available")
    )
    said = [teller.say("need", first=first, last=last, was=teller.cash(need[first]),
                       now=teller.cash(need[last]), moved=_moved(teller, need[last] - need[first])),
            teller.say("available", was=teller.cash(available[first]),
                       now=teller.cash(available[last]),
                       moved=_moved(teller, available[last] - available[first]))]  # fmt: skip
    lines = {name: teller.printed[last][name] for name in NEED_LINES}
    known = {name: value for name, value in lines.items() if math.isfinite(value)}
    if known and need[last] > 0:
        largest = max(known, key=lambda name: known[name])
        share = f"{known[largest] / need[last]:.1%}"
        said.append(teller.say("largest", line=teller.printer.figure(largest), year=last,
                               amount=teller.cash(known[largest]), share=share))  # fmt: skip
    told = glossary.run_on(said, teller.language)
    return [told, money_verdict(teller), *appropriation_notes(teller.printer)]


def _moved(teller: Teller, amount: float) -> str:
    if not math.isfinite(amount):
        return glossary.label("status.unknown", teller.language)
    if round(amount, teller.printer.decimals) == 0:
        return teller.say("unmoved")
    return teller.say("more" if amount > 0 else "less", amount=teller.cash(amount))


def rules(teller: Teller) -> list[str]:
    """How many rules are met, which are not, and the least headroom in money."""
    verdict, found = teller.result.verdict, teller.table("rules")
    said = [teller.say("rules", met=verdict.rules_met, total=verdict.rules_total)]
    broken = [row for row in found.records() if row["first"] != teller.printer.word("none")]
    said += [broken_rule(teller, found, row) for row in broken]
    met = [row for row in found.records() if row not in broken]
    kept = [row for row in met if row["headroom_unit"] == teller.money and row["headroom"] > 0]
    if kept:
        least = min(kept, key=lambda row: float(row["headroom"]))
        amount = teller.cash(float(least["headroom"]))
        said.append(teller.say("tightest", rule=least["rule"], amount=amount))
    return said


def broken_rule(teller: Teller, found: Table, row: dict[str, object]) -> str:
    """One rule that is broken: since when, and what is missing."""
    headroom = float(str(row["headroom"]))
    column = next(column for column in found.columns if column.id == "headroom")
    if headroom == 0:
        return teller.say("broken_equal", rule=row["rule"], year=row["first"])
    missing = found.text(column, {**row, "headroom": abs(headroom)})
    return teller.say("broken", rule=row["rule"], year=row["first"], missing=missing)


def balance(teller: Teller) -> list[str]:
    """Which coefficients are above their limits in the last year, stage by stage."""
    rows = teller.result.balance
    rows = rows[(rows["year"] == teller.years[-1]) & (rows["evaluation"] == "quality")]
    said = []
    for stage, found in rows.groupby("stage", sort=False):
        params = {"stage": word_of("stage", stage, teller.language), "year": teller.years[-1]}
        known = found[found["status"] != "unknown"]
        above = [
            f"{short_name(str(row['indicator']), teller)} {row['cv']:.4f}"
            for row in known.to_dict("records")
            if row["status"] == "fail"
        ]
        if above:
            names = teller.joined(above)
            limit = f"{known['limit'].iloc[0]:.2f}"
            said.append(teller.say("above_limit", names=names, limit=limit, **params))
        elif len(known):
            limit = f"{known['limit'].iloc[0]:.2f}"
            said.append(teller.say("within_limit", count=len(known), limit=limit, **params))
        if len(known) < len(found):
            said.append(teller.say("cv_unknown", count=len(found) - len(known), **params))
    return said


def short_name(indicator: str, teller: Teller) -> str:
    """An indicator's name as charts write it."""
    term = glossary.find(f"short.{indicator}")
    return term.label(teller.language) if term else word_of("indicator", indicator, teller.language)


def risks(teller: Teller) -> list[str]:
    """What may go wrong or is not certain, each from a figure; says so where there is nothing."""
    return list(_risks(teller)) or [teller.say("no_risk")]


def _risks(teller: Teller) -> Iterator[str]:
    printed, last = teller.printed, teller.years[-1]
    for year in teller.years:
        if printed[year]["gap"] < 0:
            share = f"{-printed[year]['gap'] / printed[year]['need']:.1%}"
            gap = teller.cash(printed[year]["gap"])
            yield teller.say("risk_gap", year=year, gap=gap, share=share)
    broken = teller.result.verdict.rules_total - teller.result.verdict.rules_met
    if broken:
        yield teller.say("risk_rules", count=broken)
    failing = [row for row in _failing(teller) if row[1]]
    if failing:
        stages = teller.joined([teller.say("stage_count", stage=s, count=n) for s, n in failing])
        schools = count_words(teller.printer, schools_counted(teller.result, last))
        yield teller.say("risk_schools", year=last, stages=stages, schools=schools)
    over = teller.result.at("posts_over_authorised", last)
    count = int((over > 0).sum())
    if count:
        yield teller.say("risk_posts", year=last, count=count)
    yield from _uncertain(teller)


def _failing(teller: Teller) -> list[tuple[str, int]]:
    """Schools that do not reach what a school must in the last year, by stage."""
    found = teller.result.at("schools_failing", teller.years[-1])
    stages = ("primary", "junior")
    return [
        (word_of("stage", stage, teller.language), int(found[place]))
        for place, stage in enumerate(stages)
        if math.isfinite(found[place])
    ]


def _uncertain(teller: Teller) -> Iterator[str]:
    """What is not known or still to be verified."""
    unknown = [
        row["rule"]
        for row in teller.table("rules").records()
        if row[str(teller.years[-1])] == word_of("status", "unknown", teller.language)
    ]
    if unknown:
        yield teller.say("risk_unknown", rules=teller.joined([str(rule) for rule in unknown]))
    looser = teller.table("looser").records()
    if looser:
        yield teller.say("risk_looser", count=len(looser))
    verify = [row for row in teller.table("policy").records() if row["verify"]]
    if verify:
        yield teller.say("risk_verify", count=len(verify))
    warnings = len(teller.result.findings)
    if warnings:
        yield teller.say("risk_findings", count=warnings)


def compared(teller: Teller) -> list[str]:
    """What the other scenarios do otherwise, and what comes of it."""
    assert teller.comparison is not None
    shown = sides(teller.comparison, teller.language, teller.money)
    labels, last = shown.comparison.labels, shown.years[-1]
    base = shown.comparison.scenarios[shown.base]
    said = list(shown.comparison.note_lines)
    for other in shown.others:
        scenario = shown.comparison.scenarios[other]
        clauses = difference(base, scenario, teller.language, teller.result.index.base_year)
        does = teller.say("semicolon").join(clauses) or teller.say("no_difference")
        money = [shown.printed[place][last]["gap"] for place in (shown.base, other)]
        met = [shown.printers[place].result.verdict for place in (shown.base, other)]
        told = teller.say(
            "compared", name=labels[other], base=labels[shown.base], year=last, does=does,
            moved=_moved(teller, BETTER["gap"] * (money[1] - money[0])),
            met=f"{met[1].rules_met}/{met[1].rules_total}",
            was=f"{met[0].rules_met}/{met[0].rules_total}",
        )  # fmt: skip
        said.append(with_idle(told, shown.printers[other].result, base, teller.language))
    return said
