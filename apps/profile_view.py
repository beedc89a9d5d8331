"""What `heyan profiles` shows: which rule packs there are and where from, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from apps import words
from apps.terminal import plain_table, said
from apps.words import Language, pick, two
from validators.findings import Bilingual
from validators.loading import BUILT_IN
from validators.profile import Profile, Slot

_REQUIRED, _OPTIONAL = two("必需", "required"), two("可选", "optional")
_SOURCE = two("来源", "Source")


def show_profiles(console: Console, profiles: Mapping[str, Profile], *, language: Language) -> None:
    """One line for each: id, title, how many checks, the document behind it and the file it came from."""
    columns = two("编号", "ID"), two("名称", "Title"), two("检查数", "Checks"), _SOURCE, two("文件", "From")
    table = plain_table(language, *columns)
    for profile in sorted(profiles.values(), key=lambda p: p.id):
        cells = Text(profile.id, "bold"), said(profile.title, language), str(len(profile.checks))
        table.add_row(*cells, Text(profile.source, "dim"), said(origin(profile), language))
    console.print(table)


def origin(profile: Profile) -> Bilingual:
    """Where a profile came from: shipped, or the user's own file, and what that builds on."""
    if profile.path is None or profile.path.is_relative_to(BUILT_IN):
        return two("内置", "built in")
    builds = f" → {profile.extends}" if profile.extends else ""
    return two(f"{profile.path}{builds}", f"{profile.path}{builds}")


def show_profile(console: Console, profile: Profile, *, language: Language) -> None:
    """One rule pack: what it needs, what it checks, and the source of each line."""
    console.print(Text(profile.id, "bold").append("  ").append(pick(profile.title, language)))
    console.print(Text(profile.source, "dim").append("  ").append(pick(origin(profile), language)))
    for table in (_prerequisites, _slots, _declared, _parameters, _checks):
        if (made := table(profile, language)).row_count:
            console.print(made)
    for note in profile.notes:
        console.print(Text("○ ").append(pick(two(note.zh, note.en), language)).append(f"  {note.source}", "dim"))


def _prerequisites(profile: Profile, language: Language) -> Table:
    table = plain_table(language, two("须先通过", "Passed before"), two("名称", "Title"), two("", ""), _SOURCE)
    for step in profile.prerequisites.values():
        unless = f"unless {step.unless}" if step.unless else ""
        told = _joined(_needed(step.required, language), unless)
        table.add_row(step.profile, said(step.title, language), told, Text(step.source, "dim"))
    return table


def _slots(profile: Profile, language: Language) -> Table:
    columns = two("文件位置", "Slot"), two("名称", "Title"), two("接受", "Accepts"), two("", ""), _SOURCE
    table = plain_table(language, *columns)
    for name, slot in profile.slots.items():
        accepts = ", ".join(pick(words.type_name(kind), language) for kind in slot.accepts)
        when = f"when {slot.when}" if slot.when else ""
        told = _joined(_needed(slot.required, language), *_limits(slot), when)
        table.add_row(name, said(slot.title, language), accepts, told, Text(slot.source, "dim"))
    return table


def _limits(slot: Slot) -> Iterable[str]:
    if slot.at_most > 1:
        yield f"{slot.at_least}–{slot.at_most} ×"
    if slot.max_bytes:
        yield f"≤ {slot.max_bytes / 1e6:g} MB"
    if slot.formats:
        yield "/".join(slot.formats)
    if slot.min_pixels:
        yield f"≥ {slot.min_pixels} px"
    if slot.colour:
        yield "colour"


def _declared(profile: Profile, language: Language) -> Table:
    table = plain_table(language, two("申报项", "Declared"), two("名称", "Title"), two("", ""), _SOURCE)
    for name, item in profile.declared.items():
        default = f"= {item.default}" if item.default is not None else ""
        when = f"when {item.when}" if item.when else ""
        told = _joined(_needed(item.required, language), "/".join(item.choices), default, when)
        table.add_row(name, said(item.title, language), told, Text(item.source, "dim"))
    return table


def _parameters(profile: Profile, language: Language) -> Table:
    table = plain_table(language, two("参数", "Parameter"), two("名称", "Title"), two("值", "Value"), _SOURCE)
    for name, setting in profile.parameters.items():
        value = ", ".join(setting.value) if isinstance(setting.value, tuple) else str(setting.value)
        table.add_row(name, said(setting.title, language), value, Text(setting.source, "dim"))
    return table


def _checks(profile: Profile, language: Language) -> Table:
    columns = two("检查", "Check"), two("内容", "Asks"), two("种类", "Kind"), two("", ""), _SOURCE
    table = plain_table(language, *columns)
    for spec in profile.checks:
        asked = words.check_name(spec.id, profile) or two("", "")
        told = _joined(_needed(spec.required, language), f"when {spec.when}" if spec.when else "")
        table.add_row(spec.id, said(asked, language), spec.check, told, Text(spec.source, "dim"))
    return table


def _needed(required: bool, language: Language) -> str:
    return pick(_REQUIRED if required else _OPTIONAL, language)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
