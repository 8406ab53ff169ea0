"""Formula lines: the district's own per-pupil formula, written as data, turned into formulas.

What a set says, in a scenario's ``lines`` (an example: ``rules/operating_lines.yaml``)::

    id, zh, en   what the formula is called
    per_pupil    the pupils that "per pupil" divides by, such as headcount
    measures     steps that pay nothing: id, zh, en, formula; points [[x, y], …]; unit
    subtotals    sums of the lines that go ``into`` them: id, zh, en
    lines        see below
    pots         id, zh, en, rule (proportion, level_up, guarantee), shared, guaranteed, amount,
                 paid_in, cites; the last pot is what is paid

and a line of it::

    counted      a formula: columns and figures of the model, + − × ÷, min, max, round,
                 comparisons (1 or 0), parentheses; Chinese words and full-width signs will do
    amount       650, or {2026: 650, 2028: 800}, or {primary: …, junior: …}, or a formula, or
                 {share: 0.2, of: another line}; path: steps or straight between years
    stages, school_types, since, until, when    where, from and until when it applies
    ramp         {measure: formula, points: [[0.2, 0.47], [0.6, 0.57]]}, a weight of the amount
    bands        [{below: 100, as: 100}, …], what small counts are counted as
    lump_sum     yuan a school; factor: a formula; areas: {urban: 1, town: 1.05, rural: 1.2}
    bounds       least_per_pupil, most_per_pupil, least_per_school, most_per_school
    protection   {least: 1, most: 1.05, per_pupil: true, against: formula} of last year's amount
    sharing      {central: 0.6, province: 0.2, city: 0.1}; the district bears the rest
    paid_in      1 or 0.01, whole yuan or fen; into: a subtotal; cites: a document
"""
