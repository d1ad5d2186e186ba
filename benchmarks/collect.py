"""How fast a weibo-crawler CSV is parsed on one core, and how much memory it takes.

    python benchmarks/collect.py [--rows 100000]

Writes tables of invented posts, a quarter of them reposts, to a temporary folder and parses them: rows a second of
processor time, then the peak of memory that Python holds, for a fifth of the rows and for all of them: it must not
grow with the file. Bars: 20,000 rows/s, less than 5% growth.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from originality.collect import open_source
from originality.models import Post

LEAST_ROWS_A_SECOND = 20_000
MOST_GROWTH = 1.05

OWN = (
    "id,bid,正文,头条文章url,原始图片url,视频url,Live Photo视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,"
    "完整日期,是否编辑过,编辑次数"
).split(",")
HEADER = [*OWN, "是否原创", "源用户id", "源用户昵称", *("源微博" + name for name in OWN)]
WORDS = (
    "春茶 上新 到店 免费 限量 周末 山野 手作 云南 咖啡豆 新鲜 出炉 欢迎 试喝 第一批 三百罐 明前 龙井 今年 雨水"
).split()


def main() -> int:
    """Measure, print, and fail below the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        few = write_table(Path(folder) / "2608812381.csv", rows // 5)
        many = write_table(Path(folder) / "2608812382.csv", rows)
        parse(few)  # imports and compiles
        rate = max(rows / parse(many) for _ in range(3))
        peaks = [peak_memory(path) for path in (few, many)]
    growth = peaks[1] / peaks[0]
    print(f"{rate:,.0f} rows/s on one core, best of 3 ({rows:,} rows)")
    print(f"peak memory {peaks[0] / 1e6:.1f} MB for {rows // 5:,} rows, {peaks[1] / 1e6:.1f} MB for {rows:,}")
    return 0 if rate >= LEAST_ROWS_A_SECOND and growth <= MOST_GROWTH else 1


def write_table(path: Path, rows: int) -> Path:
    """Write a table as the tool does: by position, ragged, over several lines, ids with a tab behind them."""
    choose = random.Random(1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            words = "，".join("".join(choose.choices(WORDS, k=4)) for _ in range(8))
            own = [
                *(f"{5_030_000_000_000_000 + number * 7919}\t", "", f"{words}。\n网页链接\n第二行", ""),
                *("http://example.com/1.jpg", "", "", "上海", "2024-05-02T12:00:00", "微博 weibo.com"),
                *(choose.randint(0, 500), 5, 3, "春茶", ""),
                f"2024-05-{number % 28 + 1:02d} {number % 24:02d}:{number % 60:02d}:{number * 7 % 60:02d}",
            ]
            is_repost = number % 4 == 0
            source = ["1234567890", "茶友", *own] if is_repost else []
            writer.writerow([*own, "False", 0, not is_repost, *source])
    return path


def parse(path: Path) -> float:
    """Return the seconds of processor time that parsing takes."""
    began = time.process_time()
    posts = sum(isinstance(item, Post) for item in open_source([path]))
    seconds = time.process_time() - began
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert posts == sum(1 for _ in csv.reader(file)) - 1
    return seconds


def peak_memory(path: Path) -> int:
    """Return the most bytes that Python's objects take while a table is parsed."""
    tracemalloc.start()
    for _ in open_source([path]):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    sys.exit(main())
