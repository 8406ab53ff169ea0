"""Errors told to an officer: a message of the glossary with its parameters, never a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator import glossary

if TYPE_CHECKING:
    from simulator.findings import Finding
    from simulator.glossary import Language


class JunhengError(Exception):
    """Something the user can mend, said in one sentence in either language.

    ``code`` is the glossary id of the sentence (``error.<code>``), ``params`` fill it in.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    def text(self, language: Language) -> str:
        """The sentence in one language."""
        return glossary.text(f"error.{self.code}", language, **self.params)

    def __str__(self) -> str:
        return self.text("en")


class FindingsError(JunhengError):
    """A file that cannot be used: every finding at once, each with its place and mend.

    Its text tells the first ``TOLD`` of them and how many more there are.
    """

    TOLD = 200

    def __init__(self, source: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        errors = sum(1 for finding in findings if finding.severity == "error")
        super().__init__("findings", source=source, count=errors)

    def text(self, language: Language) -> str:
        """The headline and one line a finding."""
        head = glossary.text("error.findings", language, **self.params)
        told = [finding.text(language) for finding in self.findings[: self.TOLD]]
        left = len(self.findings) - len(told)
        more = [glossary.text("error.findings_more", language, count=left)] if left else []
        return "\n".join([head, *told, *more])
