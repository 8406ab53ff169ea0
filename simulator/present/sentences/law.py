"""What is said beside a value of the law: its document, how the year counts it, its counterpart."""

from __future__ import annotations

from simulator import glossary, units
from simulator.glossary import Language
from simulator.policy.model import MONTHS, Policy, PolicyValue
from simulator.present.table import citation_text

#: Two amounts for the same pupils, of which a district may miss one: each names the other.
TWINS = {
    "special_benchmark": "special_evaluation_floor",
    "special_evaluation_floor": "special_benchmark",
}


def law_text(policy: Policy, law: PolicyValue, year: int, language: Language) -> str:
    """A value's citation, whether it is to be verified, and what belongs beside it."""
    mark = glossary.label("export.to_verify", language) if law.verify else ""
    parts = (citation_text(law.citation, language), mark, beside(policy, law, year, language))
    return " ".join(part for part in parts if part)


def beside(policy: Policy, law: PolicyValue, year: int, language: Language) -> str:
    """How many months the year counts a value for, and its counterpart; empty where neither."""
    said = [twin_text(policy, law.parameter, year, language)]
    if law.months < MONTHS:
        since = law.since.isoformat()
        said.append(glossary.text("law.by_months", language, since=since, months=law.months))
    return glossary.label("vocabulary.list", language).join(filter(None, said))


def twin_text(policy: Policy, parameter: str, year: int, language: Language) -> str:
    """The counterpart of a value in a year, by name, amount and document; empty without one."""
    other = policy.value(TWINS[parameter], year) if parameter in TWINS else None
    if other is None:
        return ""
    declared = policy.declared[other.parameter]
    return glossary.text(
        "law.twin", language, name=declared.zh if language == "zh" else declared.en,
        amount=units.amount(_printed(other.amount), other.unit, language),
        document=other.citation.document_in(language),
    )  # fmt: skip


def _printed(amount: float) -> str:
    """An amount of the law as its document writes it: no decimals where it has none."""
    return f"{amount:,.2f}".rstrip("0").rstrip(".")
