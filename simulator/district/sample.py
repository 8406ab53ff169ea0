"""The sample district that comes with the product: invented, and labelled so everywhere."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

from simulator.district.model import District
from simulator.district.reading.load import load_district
from simulator.district.template_origins import TemplateOrigins


def sample_folder() -> Path:
    """The folder of CSV files that the sample is kept in."""
    return Path(str(resources.files(__package__).joinpath("sample")))


def sample_district() -> District:
    """The invented district that the product opens on, read like any other.

    Its values are traced to the cells of the filled template, which is what can be downloaded.
    """
    read = load_district(sample_folder())
    return replace(read, origins=TemplateOrigins(read))


if __name__ == "__main__":
    from simulator.district.sample_maker import make_sample, write_sample

    write_sample(make_sample(), sample_folder())
