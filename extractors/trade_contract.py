"""Sales contract (购销合同, 外贸合同, Sales Contract, Sales Confirmation), Chinese, English or both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.bilingual import in_chinese
from extractors.currency import IN_WORDS, amount_in_words, currency_of, parse_amount
from extractors.form import agreed, field_of
from extractors.layout import Label, Layout
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page, Source, Status
from extractors.rows import Row, Span
from extractors.values import compact, fold, parse_date, simplified


def _party_labels(chinese: Sequence[str], english: Sequence[str]) -> tuple[str, ...]:
    """How a party is called: in one language or both, beside 甲方 or 乙方, or by two names (供方(卖方))."""
    twice = [f"{one}({other})" for one in chinese for other in chinese if one != other]
    sides = [
        form.format(one, side)
        for one in chinese
        for side in (*_SIDES, "以下简称甲方", "以下简称乙方")
        for form in ("{}({})", "{1}({0})", "{}/{}", "{1}/{0}")
    ]
    both = [
        form.format(en, one) for one in chinese for en in english for form in ("{}({})", "{}/{}", "{}{}", "{1}({0})")
    ]
    return (*sides, *twice, *both, *(f"{one}名称" for one in chinese), *chinese, *english)


_SIDES = ("甲方", "乙方")
_SELLERS = ("卖方", "供方", "出卖人", "供货方", "销售方", "售方", "供应商", "供货人", "出口商")
_BUYERS = ("买方", "需方", "买受人", "购货方", "采购方", "购方", "购买方", "订货方", "进口商")
_SELLER = _party_labels(_SELLERS, ("The Sellers", "The Seller", "Sellers", "Seller", "Supplier", "Vendor", "Exporter"))
_BUYER = _party_labels(_BUYERS, ("The Buyers", "The Buyer", "Buyers", "Buyer", "Purchaser", "Importer"))
_NUMBER = (
    "合同编号(Contract No.)", "合同号(Contract No.)", "合同编号/Contract No.", "合同号/Contract No.",
    "合同编号Contract No.", "合同编号", "合同号码",
    "合同号", "协议编号", "Contract Number", "Contract No.", "Contract No", "CONTRACT NO.", "CONTRACT NO", "S/C No.",
    "S/C NO.", "S/C No", "S/C NO",
    "Confirmation No.", "P/I No.", "PI No.",
)  # fmt: skip
_DATE = (
    "签订日期(Date)", "签约日期(Date)", "日期(Date)", "日期/Date", "签订日期", "签约日期", "签署日期", "签订时间",
    "签约时间", "签署时间", "合同日期",
    "合同签订日期", "Date of signature", "Signing Date", "Contract Date", "Date of Contract", "Signed on", "Date",
    "DATE", "日期",
)  # fmt: skip
_TOTAL = (
    "合同总金额(Total Amount)", "总金额(Total Amount)", "合同总价(Total Value)", "总值(Total Value)", "合同总金额",
    "合同金额", "合同总价款", "合同总价",
    "合同总额", "总金额", "货款总额", "货物总值", "总价款", "总值", "合计金额", "总计金额", "Total Contract Value",
    "Total Contract Amount",
    "Total Contract Price", "Contract Value", "Total Amount", "Total Value", "Grand Total", "TOTAL AMOUNT",
    "TOTAL VALUE", "GRAND TOTAL",
    "TOTAL CONTRACT VALUE", "合计", "总计", "Total", "TOTAL",
)  # fmt: skip
_SPECS = (
    FieldSpec("contract_number", Kind.TEXT, "合同编号", _NUMBER, key=True),
    FieldSpec("seller", Kind.ORGANISATION, "卖方", _SELLER, key=True),
    FieldSpec("buyer", Kind.ORGANISATION, "买方", _BUYER, key=True),
    FieldSpec("signed_on", Kind.DATE, "签订日期", _DATE, key=True),
    FieldSpec("currency", Kind.CHOICE, "币种"),
    FieldSpec("total_amount", Kind.MONEY, "合同总金额", _TOTAL, key=True),
)
_OTHER = (
    "签订地点", "签约地点", "签署地点", "交货日期", "装运日期", "有效期", "地址", "Address", "ADDRESS", "ADD", "Add",
    "电话", "传真", "Tel", "TEL", "Fax",
    "FAX", "邮编", "邮箱", "E-mail", "Email", "EMAIL", "法定代表人", "委托代理人", "代表人", "签字", "盖章",
    "开户银行", "账号", "税号", "统一社会信用代码",
    "Signed at", "Place", "Shipment Date", "Delivery Date", "Date of Shipment", "Time of Shipment", "大写",
    "人民币(大写)", "Say Total", "SAY TOTAL",
    "SAY", "单价", "数量", "品名", "甲方", "乙方", "Unit Price", "Quantity", "Signature", "Attn", "ATTN", "Postcode",
    "Payment", "PAYMENT",
)  # fmt: skip
_LABEL_GAP = 12.0
_SIGNED = 8.0  # text heights from a party's word to its name in the block of signatures
_FIGURE = re.compile(
    r"(?:(?:USD|US\$|CNY|RMB|EUR|GBP|HKD|JPY|[$¥￥€£]|人民币|美元)\s*[:：]?\s*)?"
    r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?(?![\d.,%])\s*(?:美元|欧元|元|USD|CNY|EUR)?", re.IGNORECASE
)  # fmt: skip
_FIRM = re.compile(
    r"公司|[厂店部社行院所场户]$|中心|合伙|企业|集团|工厂|\b(?:co|ltd|limited|inc|corp\w*|company|gmbh|llc|s\.?a|b\.?v|ab|ag|pty|"
    r"plc|kg|s\.?r\.?l|trading|import\w*|export\w*|group|ventures|industr\w*|enterprises?|factory)\b", re.IGNORECASE
)  # fmt: skip
_EMPTY = re.compile(r"[\s:()]*(?:盖章|公章|签章|签字|章)?[\s:()]*")
# What stands in a name's place in the block of signatures: the party's own word, a seal's words, another label.
_NO_NAME = re.compile(
    r"(?:the\s*)?(?:sellers?|buyers?|suppliers?|purchasers?)|.*(?:专用章|签字|签章|盖章|signature|stamp).*",
    re.IGNORECASE,
)
_FIRM_ENDS = re.compile(r"(?:公司|\(有限合伙\)|\(普通合伙\))$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[。；;]|(?<!供)应(?![用急])|负责|承担|同意|有权|按照|shall|agree|will|hereby", re.IGNORECASE)
_NAME_ENDS = re.compile(r"\s*(?:\(?(?:盖章|公章|签章|签字|以下简称.*|hereinafter.*)\)?).*$", re.IGNORECASE)


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a contract: the head of its first pages, the total wherever it stands."""
    words = [*(spec.labels for spec in _SPECS if spec.labels), *_OTHER]
    flat = [word for entry in words for word in ((entry,) if isinstance(entry, str) else entry)]
    layouts = [Layout(in_chinese(page, flat), words) for page in pages]
    fields: dict[str, Field] = {}
    roles = _roles(pages)
    for name, labels in (("seller", _SELLER), ("buyer", _BUYER)):
        own = (*labels, roles[name]) if name in roles else labels
        if candidates := [*_named(layouts, own), *(f for layout in layouts for f in _signed(layout, own))]:
            fields[name] = candidates[0]  # prints in another language, or beside the signature, are not compared
    if len({str(fields[name].value) for name in ("seller", "buyer") if name in fields}) == 1 < len(fields):
        fields = {
            name: f.model_copy(update={"status": Status.DOUBTFUL, "reason": "conflict"}) for name, f in fields.items()
        }
    if number := next((f for layout in layouts for f in _numbers(layout)), None):
        fields["contract_number"] = number
    if dates := [f for layout in layouts for f in _dates(layout)]:
        fields["signed_on"] = agreed(dates)
    return fields | _total(layouts)


def _roles(pages: Sequence[Page]) -> dict[str, str]:
    """Which of 甲方 and 乙方 sells and which buys, where the contract says so: 甲方为卖方, 买方(以下简称乙方)."""
    text = simplified("".join(compact(line.text) for page in pages for line in page.lines))
    told: dict[str, set[str]] = {"seller": set(), "buyer": set()}
    for role, words in (("seller", _SELLERS), ("buyer", _BUYERS)):
        party, quote = "|".join(words), r"[\"“”'「」]*"
        for pattern in (
            rf"(甲方|乙方)\(?(?:以下简称|简称|即|为|是|作为)?{quote}(?:{party})",
            rf"(?:{party})[^。;]{{0,60}}?简称:?{quote}(甲方|乙方)",
            rf"(?:{party})[(/](甲方|乙方)",
        ):
            told[role] |= set(re.findall(pattern, text))
    if told["seller"] & told["buyer"] or any(len(sides) > 1 for sides in told.values()):
        return {}
    roles = {role: sides.pop() for role, sides in told.items() if sides}
    for role, other in (("seller", "buyer"), ("buyer", "seller")):
        if role in roles and other not in roles:
            roles[other] = next(side for side in _SIDES if side != roles[role])
    return roles


def _named(layouts: Sequence[Layout], labels: Sequence[str]) -> list[Field]:
    """Names behind a party's label, those that look like a firm's first."""
    found = [field for layout in layouts for field in _names(layout, labels)]
    return sorted(found, key=lambda field: not _FIRM.search(str(field.value)))


def _signed(layout: Layout, labels: Sequence[str]) -> Iterator[Field]:
    """Firms under a party's label, where the head of the contract does not name them."""
    labelled = {id(label.placed) for label in layout.labels if label.firm}
    for label in layout.find(labels):
        if not _EMPTY.fullmatch(layout.right_of(label, label_gap=_LABEL_GAP).text):
            continue
        height = label.placed.height
        under = [
            p
            for p in layout.placed
            if id(p) not in labelled
            and 0 < p.middle - label.placed.middle < _SIGNED * height
            and abs(p.left - label.left) < 4 * height
            and _FIRM.search(p.line.text)
        ]
        for line in sorted(under, key=lambda p: p.middle):
            colon = re.search(r"[:：]", line.line.text)
            piece = line.line.cut(colon.end(), len(line.line.text)) if colon else line.line
            if found := _name_field(Span(((piece,),))):
                yield found


def _values(layout: Layout, labels: Sequence[str]) -> Iterator[tuple[Label, Span]]:
    """What stands behind each print of a label that has its colon, or stands by itself."""
    for label in layout.find(labels):
        following = label.row.chars[label.end : label.end + 1]
        colon = bool(following) and following[0].text == ":"
        if not colon and following and following[0].placed is label.placed and not following[0].starts:
            continue  # the word goes on: 卖方应在, Buyers' office
        if span := layout.right_of(label, label_gap=_LABEL_GAP):
            yield label, span


def _names(layout: Layout, labels: Sequence[str]) -> Iterator[Field]:
    for label, span in _values(layout, labels):
        whole = layout.continued(label, span, 2)
        first, second = span.text, "".join(piece.text for row in whole.rows[1:] for piece in row)
        # The line under a Chinese name that holds none is its English one.
        same = bool(_CHINESE.search(first)) == bool(_CHINESE.search(second))
        fits = same and len(compact(whole.text)) < 80 and not _SENTENCE.search(whole.text)
        if found := _name_field(whole if fits and not _FIRM_ENDS.search(first) else span):
            yield found


def _name_field(span: Span) -> Field | None:
    text = " ".join(piece.text.strip() for piece in span.pieces)
    name = re.sub(r"\s+", " ", _NAME_ENDS.sub("", fold(text))).strip(" :;,.、")
    name = name[1:] if name.startswith("(") and name.count("(") > name.count(")") else name
    if not 4 <= len(name) <= 90 or _SENTENCE.search(name) or re.fullmatch(r"[\d\s.,-]+", name):
        return None
    if _NO_NAME.fullmatch(name.strip("() ")):
        return None
    found = field_of(span, Kind.ORGANISATION, compact(name) if _CHINESE.search(name) else name)
    if name.count("(") != name.count(")"):
        return found.model_copy(update={"status": Status.DOUBTFUL, "reason": "unbalanced_brackets"})
    return found


def _numbers(layout: Layout) -> Iterator[Field]:
    for label, span in _values(layout, _NUMBER):
        whole = _whole_number(layout, label, span)
        match = re.search(r"[0-9A-Za-z][0-9A-Za-z/_.()-]{2,39}", compact(whole.text))
        if match and re.search(r"\d", match[0]):
            yield field_of(whole, Kind.TEXT, match[0].rstrip(".("))


def _whole_number(layout: Layout, label: Label, span: Span) -> Span:
    """A number that ends in its sign goes on in the next line, under its beginning or under its label."""
    if not re.search(r"[-/]$", span.text):
        return span
    last, height = span.pieces[-1], label.placed.height
    below = [
        p.line
        for p in layout.placed
        if 0.5 * height < p.middle - label.placed.middle < 1.8 * height
        and min(abs(p.left - label.left), abs(p.left - last.left)) < height
        and re.fullmatch(r"[\w/.-]+", p.line.text.strip(), re.ASCII)
    ]
    return Span((*span.rows, (below[0],))) if len(below) == 1 else span


def _dates(layout: Layout) -> Iterator[Field]:
    for _, span in _values(layout, _DATE):
        text = " ".join(piece.text for piece in span.pieces)
        if day := parse_date(text):
            yield field_of(span, Kind.DATE, day)


def _total(layouts: Sequence[Layout]) -> dict[str, Field]:
    """The contract's total by its labels, most telling first; a total in words must agree where there is one."""
    for word in _TOTAL:
        for layout in layouts:
            for label in layout.find((word,)):
                found = _amount_behind(label)
                if found:
                    return _with_currency(layouts, label, *found)
    return {}


def _amount_behind(label: Label) -> tuple[Row, re.Match[str]] | None:
    """The last figure in the rest of the label's row: quantities come before the amount."""
    # A comma read as a point has another point behind it: 33.712.00.
    rest = re.sub(r"(?<=\d)\.(?=\d{3}[.,])", ",", label.row.text[label.end :])
    figures = [m for m in _FIGURE.finditer(rest) if parse_amount(m[0])]
    money = [m for m in figures if currency_of(m[0]) or "." in m[0] or "," in m[0]]
    chosen = (money or figures)[-1:]
    return (Row(label.row.chars[label.end :]), chosen[0]) if chosen else None


def _with_currency(layouts: Sequence[Layout], label: Label, row: Row, match: re.Match[str]) -> dict[str, Field]:
    span = row.span(*match.span())
    amount = parse_amount(match[0])
    if not span or amount is None:
        return {}
    field = field_of(span, Kind.MONEY, amount[0])
    words = [w for x in layouts for r in x.rows for m in IN_WORDS.findall(r.text) if (w := amount_in_words(m))]
    if words and field.value not in words and len(set(words)) == 1:
        field = field.model_copy(
            update={"status": Status.DOUBTFUL, "reason": "words_differ", "alternates": (str(words[0]),)}
        )
    fields = {"total_amount": field}
    codes = {amount[1] or currency_of(label.row.text)} - {None}
    if not codes:
        lines = [row.text for layout in layouts for row in layout.rows if row.chars]
        codes = {
            code for line in lines if (code := currency_of(line)) and re.search(r"\d|单价|金额|Price|Amount", line)
        }
    if len(codes) == 1:
        fields["currency"] = field_of(span, Kind.CHOICE, codes.pop())
    return fields


DOCUMENT_TYPE = DocumentType(
    id="trade_contract",
    zh="贸易合同",
    en="trade contract",
    fields=_SPECS,
    extract=extract,
    titles=(
        "购销合同", "销售合同", "买卖合同", "外贸合同", "出口合同", "售货合同", "外销合同", "产品购销合同",
        "货物买卖合同", "国际货物买卖合同", "采购合同",
        "供货合同", "售货确认书", "销售确认书", "Sales Contract", "Sales Confirmation", "Purchase Contract",
        "Sale and Purchase Contract",
        "Contract", "工业品买卖合同", "Sales Agreement",
    ),
    words=(
        "合同编号", "合同号", "卖方", "买方", "供方", "需方", "签订日期", "签订地点", "交货", "付款方式", "装运",
        "违约", "仲裁", "不可抗力", "总金额",
        "The Seller", "The Buyer", "Contract No", "Unit Price", "Total Amount", "Terms of Payment", "Port of Loading",
        "Port of Shipment",
        "Force Majeure", "Arbitration", "Country of Origin", "Insurance",
    ),
    against=("报关单", "价税合计", "发票号码", "回单", "核准号", "合同信息表", "劳动合同", "房屋租赁", "租赁合同"),
    sources=frozenset(Source),
)  # fmt: skip
