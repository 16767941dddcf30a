#!/usr/bin/env python3
"""docs/curve.svg from the quickstart: python3 tests/bench/curve.py runs/quickstart/report/figures/position_in2.csv
>docs/curve.svg. Exact match of the planted sentences by depth: base, IN2 and control, with 95 % intervals."""
import csv
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 838, 300, 64, 176, 48, 246
HEAD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" \
aria-labelledby="title what">
<title id="title">Scores by depth of the evidence: a base that loses the middle, and the same after IN2 training</title>
<desc id="what">@WHAT@</desc>
<style>
text {{ font: 15px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #22262b; }}
.soft {{ fill: #5b636c; font-size: 14px; }}
.big {{ font-size: 16px; font-weight: 600; }}
.mid {{ text-anchor: middle; }}
.end {{ text-anchor: end; }}
.panel {{ fill: #fbfaf7; stroke: #d9d4c8; }}
.grid {{ stroke: #d9d4c8; }}
.chance {{ stroke: #5b636c; stroke-dasharray: 3 4; }}
.base {{ stroke: #8a5204; fill: none; stroke-width: 2.5; stroke-dasharray: 7 5; }}
.in2 {{ stroke: #1f5a8a; fill: none; stroke-width: 2.5; }}
.control {{ stroke: #5e4a86; fill: none; stroke-width: 2.5; stroke-dasharray: 2 4; }}
.base-text {{ fill: #8a5204; font-weight: 600; }}
.in2-text {{ fill: #1f5a8a; font-weight: 600; }}
.control-text {{ fill: #5e4a86; font-weight: 600; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6e9ed; }}
  .soft {{ fill: #a3adb8; }}
  .panel {{ fill: #161b22; stroke: #323a44; }}
  .grid {{ stroke: #323a44; }}
  .chance {{ stroke: #a3adb8; }}
  .base {{ stroke: #f6bd66; }}
  .in2 {{ stroke: #8cc4f5; }}
  .control {{ stroke: #c3b1ec; }}
  .base-text {{ fill: #f6bd66; }}
  .in2-text {{ fill: #8cc4f5; }}
  .control-text {{ fill: #c3b1ec; }}
}}
</style>
<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="10" class="panel"/>"""


def x_of(depth):
    return LEFT + depth * (WIDTH - LEFT - RIGHT)


def y_of(score):
    return BOTTOM - score / 100 * (BOTTOM - TOP)


def text(x, y, content, classes=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}">{content}</text>'


def line(x1, y1, x2, y2, classes):
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" class="{classes}"/>'


LABELS = {"base": "evidence at the ends", "control": "more of the same", "in2": "then IN2 training"}


def curve(rows, series):
    points = [((float(row["begin"]) + float(row["end"])) / 2, row) for row in rows if row["series"] == series]
    path = "L".join(f"{x_of(depth):.1f} {y_of(float(row['mean'])):.1f}" for depth, row in points)
    parts = [f'<path d="M{path}" class="{series}"/>']
    for depth, row in points:
        x = x_of(depth)
        parts.append(f'<path d="M{x:.1f} {y_of(float(row["low"])):.1f}V{y_of(float(row["high"])):.1f}" class="{series}" '
                     'style="stroke-dasharray:none;stroke-width:1.5"/>')
    return parts


def names(lowest):
    """At the right of the figure, in the order of the curves in the middle, 20 pixels apart."""
    parts = []
    for row, series in enumerate(sorted(LABELS, key=lambda name: -lowest[name])):
        y = TOP + 30 + 56 * row
        parts.append(line(WIDTH - RIGHT + 10, y, WIDTH - RIGHT + 40, y, series))
        parts.append(text(WIDTH - RIGHT + 46, y + 5, series.upper() if series == "in2" else series, series + "-text"))
        parts.append(text(WIDTH - RIGHT + 10, y + 24, LABELS[series], "soft"))
    return parts


def main():
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["count"]) > 0]
    means = {name: [float(row["mean"]) for row in rows if row["series"] == name] for name in LABELS}
    lowest = {name: min(values) for name, values in means.items()}
    spans = ", ".join(f"{name} {min(values):.1f} to {max(values):.1f}" for name, values in means.items())
    what = f"Exact match in percent by depth in the context, eight positions: {spans}. Chance is 5."
    parts = [HEAD.replace("@WHAT@", what), text(24, 30, "right answers in %, by position of the evidence", "big")]
    for score in (0, 25, 50, 75, 100):
        parts.append(line(LEFT, y_of(score), WIDTH - RIGHT, y_of(score), "grid"))
        parts.append(text(LEFT - 8, y_of(score) + 5, str(score), "soft end"))
    parts.append(line(LEFT, y_of(5), WIDTH - RIGHT, y_of(5), "chance"))
    parts.append(text(x_of(0.5), y_of(5) - 7, "chance 5 %", "soft mid"))
    for series in LABELS:
        parts += curve(rows, series)
    parts += names(lowest)
    for depth, name in ((0, "beginning"), (0.5, "middle of the context"), (1, "end")):
        parts.append(text(x_of(depth), BOTTOM + 24, name, "soft" if depth == 0 else "soft mid" if depth < 1 else "soft end"))
    print("\n".join(parts + ["</svg>"]))


if __name__ == "__main__":
    main()
