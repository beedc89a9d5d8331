"""How long a table of companies takes to index, how large the index is, and how long a look-up takes.

    python -m benchmarks.registry [--rows 1000000] [--form csv|xlsx|sqlite] [--numbers]

The companies are invented: codes with right check digits, names put together from syllables.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.registry.table import TableRegistry, open_table
from validators.identifiers import citizen_id, credit_code, organisation_code
from validators.registry import Query, Result

HEAD = ["统一社会信用代码", "企业名称", "法定代表人", "证件号码", "登记状态", "数据日期"]
PLACES = ["杭州", "宁波", "义乌", "深圳", "广州", "成都", "青岛", "苏州", "长沙", "合肥"]
WORDS = [a + b for a in "云海天华金宏盛达瑞泰恒信" for b in "帆川源茂丰科通和升悦辰宇"]
TRADES = ["数字科技", "贸易", "供应链管理", "机械制造", "电子商务", "新材料", "文化传播", "食品"]
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴", "明伟芳敏静强磊洋艳勇杰涛"
LOOK_UPS = 2000


def companies(count: int, numbers: bool) -> Iterator[list[str]]:
    """Rows below HEAD."""
    draw = random.Random(1)
    for n in range(count):
        inner = f"{n:08d}"
        code = f"91330108{inner}{organisation_code.calc_check_digit(inner)}"
        name = f"{draw.choice(PLACES)}{draw.choice(WORDS)}{draw.choice(WORDS)}{n}{draw.choice(TRADES)}有限公司"
        person = draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(GIVEN)
        number = ""
        if numbers:
            number = f"330108{draw.randint(1950, 2000)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}{n % 1000:03d}"
            number += citizen_id.calc_check_digit(number)
        yield [
            code + credit_code.calc_check_digit(code),
            name,
            person,
            number,
            "存续（在营、开业、在册）",
            "2026-11-01",
        ]


def write(path: Path, form: str, rows: Iterator[list[str]]) -> None:
    """The table as a file of the form."""
    if form == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD])
            csv.writer(file).writerows(rows)
    elif form == "xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append(HEAD)
        for row in rows:
            sheet.append(row)
        book.save(path)
    else:
        with sqlite3.connect(path) as connection:
            connection.execute(f"CREATE TABLE companies ({', '.join(HEAD)})")
            connection.executemany("INSERT INTO companies VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.close()


def asked(registry: TableRegistry, queries: list[Query]) -> str:
    """The median and the slowest of some look-ups, in milliseconds."""
    times = []
    for query in queries:
        start = time.perf_counter()
        answer = registry.look_up(query)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.result is Result.FOUND
    return f"median {statistics.median(times):.2f} ms, slowest {max(times):.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--form", choices=["csv", "xlsx", "sqlite"], default="csv")
    parser.add_argument("--numbers", action="store_true", help="with ID numbers, which are hashed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / f"companies.{given.form}"
        write(path, given.form, companies(given.rows, given.numbers))
        print(f"table   {given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB {given.form}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, started = time.perf_counter(), time.process_time()
        registry = open_table(path, folder / "cache", id_key="", secret="benchmark")
        wall, busy = time.perf_counter() - start, time.process_time() - started
        print(f"index   {wall:.1f} s ({busy:.1f} s of the processor), {registry.index.stat().st_size / 1e6:.0f} MB")
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"memory  {most // 1024} MB at most ({before // 1024} before)")
        every = max(1, given.rows // LOOK_UPS)
        sample = [row for n, row in enumerate(companies(given.rows, given.numbers)) if n % every == 0]
        random.Random(2).shuffle(sample)
        print("by code", asked(registry, [Query(r[0], r[1], r[2], r[3]) for r in sample]))
        print("by name", asked(registry, [Query(name=r[1]) for r in sample]))


if __name__ == "__main__":
    main()
