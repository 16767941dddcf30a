#!/usr/bin/env python3
"""docs/curve.svg from the quickstart: python3 tests/bench/curve.py runs/quickstart/report/figures/position_in2.csv
>docs/curve.svg. Exact match of the planted sentences by depth, before and after training, with 95 % intervals."""
import csv
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 838, 300, 64, 150, 48, 246
HEAD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" \
aria-labelledby="title what">
<title id="title">Scores by depth of the evidence, before and after the quickstart's training</title>
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
.before {{ stroke: #8a5204; fill: none; stroke-width: 2.5; stroke-dasharray: 7 5; }}
.after {{ stroke: #1f5a8a; fill: none; stroke-width: 2.5; }}
.before-text {{ fill: #8a5204; font-weight: 600; }}
.after-text {{ fill: #1f5a8a; font-weight: 600; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6e9ed; }}
  .soft {{ fill: #a3adb8; }}
  .panel {{ fill: #161b22; stroke: #323a44; }}
  .grid {{ stroke: #323a44; }}
  .chance {{ stroke: #a3adb8; }}
  .before {{ stroke: #f6bd66; }}
  .after {{ stroke: #8cc4f5; }}
  .before-text {{ fill: #f6bd66; }}
  .after-text {{ fill: #8cc4f5; }}
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


def curve(rows, series):
    points = [((float(row["begin"]) + float(row["end"])) / 2, row) for row in rows if row["series"] == series]
    path = "L".join(f"{x_of(depth):.1f} {y_of(float(row['mean'])):.1f}" for depth, row in points)
    parts = [f'<path d="M{path}" class="{series}"/>']
    for depth, row in points:
        x = x_of(depth)
        parts.append(f'<path d="M{x:.1f} {y_of(float(row["low"])):.1f}V{y_of(float(row["high"])):.1f}" class="{series}" '
                     'style="stroke-dasharray:none;stroke-width:1.5"/>')
    last = float(points[-1][1]["mean"])
    parts.append(text(WIDTH - RIGHT + 4, y_of(last) + (-6 if series == "before" else 5), f"{series} training",
                      series + "-text"))
    return parts


def main():
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["count"]) > 0]
    after = [float(row["mean"]) for row in rows if row["series"] == "after"]
    before = [float(row["mean"]) for row in rows if row["series"] == "before"]
    what = (f"Exact match in percent by depth in the context, eight positions. Before training {min(before):.1f} to "
            f"{max(before):.1f}, after it {min(after):.1f} to {max(after):.1f}. Chance is 5.")
    parts = [HEAD.replace("@WHAT@", what), text(24, 30, "right answers in %, by position of the evidence", "big")]
    for score in (0, 25, 50, 75, 100):
        parts.append(line(LEFT, y_of(score), WIDTH - RIGHT, y_of(score), "grid"))
        parts.append(text(LEFT - 8, y_of(score) + 5, str(score), "soft end"))
    parts.append(line(LEFT, y_of(5), WIDTH - RIGHT, y_of(5), "chance"))
    parts.append(text(x_of(0.5), y_of(5) - 7, "chance 5 %", "soft mid"))
    for series in ("before", "after"):
        parts += curve(rows, series)
    for depth, name in ((0, "beginning"), (0.5, "middle of the context"), (1, "end")):
        parts.append(text(x_of(depth), BOTTOM + 24, name, "soft" if depth == 0 else "soft mid" if depth < 1 else "soft end"))
    print("\n".join(parts + ["</svg>"]))


if __name__ == "__main__":
    main()
