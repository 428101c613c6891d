"""The plot of docs/peers.md: what a call costs by every tool, in units of ndcall's."""

from __future__ import annotations

from pathlib import Path

from peers.call_rows import TASKS
from peers.tables import Results, contestants, drawn_titles, entries_of, name_of, ratio_to_ndcall

MARKERS = ("o", "s", "^", "D", "v", "P")
COLOURS = ("#1b6ca8", "#c8553d", "#588157", "#8e6c8a", "#d49a2a", "#3a3a3a")


def draw_ratios(results: Results, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    plt.rcParams |= {"svg.hashsalt": "ndcall", "font.family": "sans-serif", "font.size": 10}
    entries, everyone = entries_of(results), contestants(results)
    figure, axes = plt.subplots(figsize=(8, 5))
    for place, who in enumerate(everyone):
        drawn = [ratio_to_ndcall(results, entries[f"{who}: {title}"]) for title in drawn_titles(results) if f"{who}: {title}" in entries]
        axes.plot([min(drawn), max(drawn)], [place, place], color="#d0d0d0", linewidth=7, solid_capstyle="round", zorder=1)
    axes.plot([], [], color="#d0d0d0", linewidth=7, solid_capstyle="round", label="12 drawn dtypes and shapes")
    for task, marker, colour in zip(TASKS, MARKERS, COLOURS, strict=True):
        points = [
            (ratio_to_ndcall(results, entries[f"{who}: {task.name}"]), place)
            for place, who in enumerate(everyone)
            if f"{who}: {task.name}" in entries
        ]
        axes.plot(*zip(*points, strict=True), marker, color=colour, markersize=6, label=task.name, zorder=2)
    axes.axvline(1, color="#1b6ca8", linewidth=1, zorder=0)
    axes.set_xscale("log")
    axes.set_xticks([0.5, 1, 2, 5, 10, 20, 50, 100, 200], ["0.5", "1", "2", "5", "10", "20", "50", "100", "200"])
    axes.minorticks_off()
    axes.set_yticks(range(len(everyone)), [name_of(who) for who in everyone])
    axes.invert_yaxis()
    axes.set_xlabel("time of a call, in units of ndcall's (logarithmic; left is faster)")
    axes.grid(axis="x", color="#ececec")
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="upper right", frameon=False, fontsize=9)
    figure.tight_layout()
    figure.savefig(path, facecolor="white", metadata={"Date": None})
