"""What an answer tells beside the plan itself: the verdicts, what stays broken, what was asked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from simulator import glossary, units
from simulator.glossary import Language
from simulator.plan.before import Broken
from simulator.plan.found import Plan
from simulator.plan.owners import Need
from simulator.present.sentences.plan import STOCKED, PlanWords, owned_by
from simulator.present.table import MoneyUnit, Printer, word_of


def beyond_lines(words: PlanWords) -> list[str]:
    """Rules that the scenario breaks already and no money of the plan can mend: told first."""
    by_rule: dict[tuple[str, int], list[Broken]] = defaultdict(list)
    for each in words.plan.beyond:
        by_rule[each.rule, each.year].append(each)
    return [
        words.say("beyond", rule=_rule(words, rule), year=year, amount=_missing(words, found))
        for (rule, year), found in sorted(by_rule.items(), key=lambda pair: pair[0][1])
    ]


def _rule(words: PlanWords, rule: str) -> str:
    return word_of("rule", rule, words.printer.language)


def _missing(words: PlanWords, found: list[Broken]) -> str:
    """How much is missing where that is money, and how many schools it is about."""
    lacking = sum(each.missing for each in found)
    told = ""
    if found[0].rule in IN_YUAN and math.isfinite(lacking):
        told = words.say("beyond_yuan", amount=words.cash(lacking))
    schools = [each for each in found if each.subject in words.schools]
    return told + (words.say("beyond_schools", count=len(schools)) if schools else "")


#: Rules whose headroom is yuan.
IN_YUAN = frozenset({
    "growth_total", "growth_per_pupil", "growth_pay", "growth_operating", "no_fall_total",
    "no_fall_per_pupil", "benchmark", "training_5", "training_bureau", "repair",
})  # fmt: skip


def owners_lines(words: PlanWords) -> list[str]:
    """Private schools that fail: what each lacks and what it costs its owner; told before all."""
    named = owned_by(words.plan)
    if not named:
        return []
    code = "owners_assumed" if words.plan.wishes.owners else "owners_open"
    return [words.say(code, count=len(named)), *(_owner(words, school) for school in named)]


def _owner(words: PlanWords, school: str) -> str:
    needs = [need for need in words.plan.owners if need.school == school]
    bought = [need.amount for need in needs if need.units > 0 and math.isfinite(need.amount)]
    people = sum(need.units for need in needs if not math.isfinite(need.amount))
    told = words.say(
        "owners_school", school=words.school(school), amount=words.cash(sum(bought)),
        lacks=words.say("lack_joint").join(_lack(words, need) for need in needs),
    )  # fmt: skip
    told += words.say("owners_people", count=units.written(people, 0)) if people else ""
    late = any(not need.in_time for need in needs)
    return told + (words.say("owners_late") if late else words.say("full_stop"))


def _lack(words: PlanWords, need: Need) -> str:
    """One indicator of a school: how near it is, and what must be added."""
    code = "lack" if need.units > 0 else "lack_exempt"
    stage = word_of("stage", need.stage, words.printer.language)
    return words.say(
        code, stage=stage, indicator=words.indicator(need.indicator),
        reached=words.share(need.reached), asked=words.share(need.asked),
        units=units.with_unit(need.units, STOCKED[need.indicator], words.printer.language),
    )  # fmt: skip


def told_lines(words: PlanWords) -> list[str]:
    """Everything that an answer tells after its headline and the verdicts, by sentences."""
    counted = words.plan.found and words.plan.wishes.owners and words.plan.owners
    told = [words.say("owners_not_counted")] if counted else []
    return [*told, *_on_top(words), *_asked(words)]


def verdict_lines(words: PlanWords) -> list[str]:
    """The verdict of the scenario as it was, beside that of the plan."""
    if not words.plan.found:
        return []
    return [
        words.say(f"verdict_{name}", verdict=words.verdict_of(name)) for name in words.results()
    ]


def _on_top(words: PlanWords) -> Iterator[str]:
    """Operating funds above the formula, and the money that is only for cost per pupil to rise."""
    plan, joint = words.plan, words.say("rows_joint")
    if plan.on_top:
        each = joint.join(
            words.say("on_top_each", stage=word_of("stage", row["stage"], words.printer.language),
                      year=row["year"], amount=words.cash(row["amount"]))
            for row in plan.on_top
        )  # fmt: skip
        yield words.say("on_top", rows=each)
    only = sum(row["only_growth_per_pupil"] for row in plan.on_top)
    dearer = plan.dearer_by_growth
    if only > 0 or dearer >= 1:
        yield words.say("only_growth", amount=words.cash(only), dearer=words.cash(dearer))


def _asked(words: PlanWords) -> Iterator[str]:
    """What a person has asked for beside the rules, and what was left out of account."""
    plan, wishes, joint = words.plan, words.plan.wishes, words.say("rows_joint")
    if wishes.waive_growth_per_pupil:
        yield words.say("waived", rule=_rule(words, "growth_per_pupil"))
    if wishes.untouched:
        yield words.say("untouched", schools=joint.join(map(words.school, wishes.untouched)))
    if wishes.untouched_items:
        pairs = (f"{words.school(s)} {words.indicator(i)}" for s, i in wishes.untouched_items)
        yield words.say("untouched", schools=joint.join(pairs))
    caps = list(_caps(words))
    if caps:
        yield words.say("caps", rows=joint.join(caps))
    if plan.problem.carry_over:
        yield words.say("carried_over")
    if wishes.purchases or wishes.moves:
        yield words.say("fixed", purchases=len(wishes.purchases), moves=len(wishes.moves))
    yield from _set_aside(words, plan)


def _caps(words: PlanWords) -> Iterator[str]:
    years, wishes = words.plan.problem.years, words.plan.wishes
    for year, cap in zip(years, wishes.envelope or [math.inf] * len(years), strict=True):
        if math.isfinite(cap):
            yield words.say("cap", what=words.say("cap_year", year=year), amount=words.cash(cap))
    for item, asked in wishes.item_caps.items():
        amounts = [asked] if isinstance(asked, (int, float)) else list(asked)
        told = glossary.text("plan.cap_joint", words.printer.language).join(
            map(words.cash, amounts)
        )
        yield words.say("cap", what=words.indicator(item), amount=told)
    for school, amount in wishes.school_caps.items():
        yield words.say("cap", what=words.school(school), amount=words.cash(amount))


def _set_aside(words: PlanWords, plan: Plan) -> Iterator[str]:
    """Investment that the scenario brings along and the plan decides anew."""
    by_item: dict[str, float] = defaultdict(float)
    for row in plan.set_aside:
        by_item[row["item"]] += row["amount"]
    if by_item:
        told = (
            words.say("set_aside_each", item=words.indicator(item),
                      amount=words.cash(amount) if math.isfinite(amount) else "–")
            for item, amount in by_item.items()
        )  # fmt: skip
        yield words.say("set_aside", rows=words.say("rows_joint").join(told))


def _indented(lines: list[str]) -> list[str]:
    """A sentence and, under it, its list."""
    return [*lines[:1], *(f"  · {line}" for line in lines[1:])]


def plan_lines(plan: Plan, language: Language, money: MoneyUnit = "10k_yuan") -> list[str]:
    """The plan in a few sentences: what was found, or what contradicts and what would help."""
    words = PlanWords(plan, Printer(plan.ground.result, language, money))
    lines = [*_indented(owners_lines(words)), *beyond_lines(words), *words.headline()]
    lines += [*verdict_lines(words), *told_lines(words)]
    for rules in words.conflicts():
        lines.append(words.say("contradict", count=len(rules)))
        lines += [f"  {number}. {line}" for number, line in enumerate(rules, 1)]
    lines += [words.released()] if plan.released else []
    if plan.ways:
        lines.append(glossary.label("plan.ways", language))
        lines += [f"  · {words.way_with_cost(way)}" for way in plan.ways]
    return lines
