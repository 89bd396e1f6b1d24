"""The pages of a report: headings, lines, boxes and tables on A4, with a foot that says of what record they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.documents import looks

MARGIN = 15.0
"""Millimetres, as all lengths here but for the sizes of text, which are points."""
BODY, SMALL, TINY = 9.0, 8.0, 6.5
LINE = 4.6
HIGHEST = 120.0
"""Of a picture: below it the first page has room for what was found."""
MOST_LINES = 8
"""Of a cell of a table."""
_FONTS = {"": "DejaVuSans", "B": "DejaVuSans-Bold"}
_FAMILY, _MONO = "DejaVu", "DejaVuMono"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and which part of the page's width it has. `mono`: for ids and hashes."""

    title: str
    share: float
    mono: bool = False


def columns(shares: Mapping[str, float], *, mono: Collection[str] = ()) -> tuple[Column, ...]:
    """Columns by their headings, each with its share of the page's width in percent."""
    return tuple(Column(title, share / 100, title in mono) for title, share in shares.items())


class Pages(FPDF):
    """A document that is being written. `foot`: what stands at the foot of each page."""

    def __init__(self, title: str, foot: str, made_at: datetime) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.foot = foot
        self.set_title(title)
        self.set_creator("drs-drill-bot")
        self.set_lang("en")
        self.creation_date = made_at  # of the evidence: the same evidence is the same file
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        for style, name in _FONTS.items():
            self.add_font(_FAMILY, style, looks.font_file(name))
        self.add_font(_MONO, "", looks.font_file("DejaVuSansMono"))
        self.add_page()

    def footer(self) -> None:
        """Called by fpdf2 at the end of each page."""
        self.set_y(-MARGIN)
        self.write_in(looks.GREY, TINY)
        self.cell(self.epw * 0.85, LINE, self.foot)
        self.cell(self.epw * 0.15, LINE, f"{self.page_no()} / {{nb}}", align="R")

    def write_in(self, colour: str = looks.INK, size: float = BODY, style: str = "", *, mono: bool = False) -> None:
        """What follows is written so."""
        self.set_font(_MONO if mono else _FAMILY, "" if mono else style, size)
        self.set_text_color(*looks.rgb(colour))

    def heading(self, text: str) -> None:
        """Begin a section; on the next page where there is too little room for something of it."""
        if self.will_page_break(4 * LINE):
            self.add_page()
        self.ln(3)
        self.start_section(text)
        self.write_in(looks.INK, 13, "B")
        self.cell(0, 8, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def subheading(self, text: str) -> None:
        """Begin a part of a section."""
        if self.will_page_break(5 * LINE):
            self.add_page()
        self.ln(1.5)
        self.write_in(looks.INK, 10, "B")
        self.multi_cell(0, 5.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def says(self, text: str, colour: str = looks.INK, size: float = BODY) -> None:
        """A paragraph."""
        self.write_in(colour, size)
        self.multi_cell(0, LINE * size / BODY, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def has_room(self, lines: int) -> bool:
        """Whether so many lines fit onto the page that is being written."""
        return not self.will_page_break(lines * LINE)

    def lists(self, texts: Iterable[str], none: str = "None.") -> None:
        """A list, or that there is nothing to list."""
        found = tuple(texts)
        for text in found:
            self.item(text)
        if not found:
            self.says(none, looks.GREY)

    def item(self, text: str, mark: tuple[str, str] = ("•", looks.INK)) -> None:
        """One line of a list, behind its mark, which has a colour of its own."""
        sign, colour = mark
        self.write_in(colour)
        self.cell(5, LINE, sign)
        self.write_in()
        self.multi_cell(0, LINE, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Names with what they stand for, one a line."""
        for name, text in facts:
            self.write_in(looks.GREY)
            self.cell(42, LINE, name)
            self.write_in()
            self.multi_cell(0, LINE, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def tabulate(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], none: str = "None.") -> None:
        """A table, whose head stands on each page. A very long cell is cut: evidence.json has all of it."""
        found = tuple(rows)
        if not found:
            self.says(none, looks.GREY)
            return
        self._head(columns)
        for number, row in enumerate(found):
            self._row(columns, row, shaded=number % 2 == 1)

    def _head(self, columns: Sequence[Column]) -> None:
        self.write_in(looks.GREY, TINY, "B")
        for column in columns:
            self.cell(self.epw * column.share, LINE, column.title)
        self.ln(LINE)
        self.set_draw_color(*looks.rgb(looks.GREY))
        self.line(self.l_margin, self.y, self.l_margin + self.epw, self.y)

    def _row(self, columns: Sequence[Column], row: Sequence[str], *, shaded: bool) -> None:
        cells = [self._lines(column, text) for column, text in zip(columns, row, strict=True)]
        height = (LINE - 0.6) * max(map(len, cells))
        if self.will_page_break(height):
            self.add_page()
            self._head(columns)
        top, left = self.y, self.l_margin
        if shaded:
            self.set_fill_color(*looks.rgb(looks.PALE))
            self.rect(left, top, self.epw, height, style="F")
        for column, lines in zip(columns, cells, strict=True):
            self.write_in(looks.INK, TINY, mono=column.mono)
            for number, line in enumerate(lines):
                self.set_xy(left, top + number * (LINE - 0.6))
                self.cell(self.epw * column.share, LINE - 0.6, line)
            left += self.epw * column.share
        self.set_xy(self.l_margin, top + height)

    def _lines(self, column: Column, text: str) -> list[str]:
        """A cell's text in lines, broken between words, and within those that are too long."""
        self.write_in(looks.INK, TINY, mono=column.mono)
        width, lines = self.epw * column.share - 2.2, [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".lstrip()
            if self.get_string_width(longer) <= width:
                lines[-1] = longer
            else:
                lines += self._broken(word, width)
        found = [line for line in lines if line] or [""]
        return found if len(found) <= MOST_LINES else [*found[: MOST_LINES - 1], f"{found[MOST_LINES - 1]} …"]

    def _broken(self, word: str, width: float) -> list[str]:
        """A word in pieces that have room."""
        pieces = [""]
        for char in word:
            if self.get_string_width(pieces[-1] + char) > width:
                pieces.append("")
            pieces[-1] += char
        return pieces

    def _cut(self, text: str, width: float) -> str:
        """What of a text has room in one line, in the font that is set."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text}…"

    def picture(self, png: bytes) -> None:
        """A picture, as wide as the page, or less where it would be higher than `HIGHEST`."""
        wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))  # PNG: the header chunk
        width = min(self.epw, HIGHEST * wide / high)
        self.image(BytesIO(png), x=(self.w - width) / 2, w=width)

    def boxes(self, boxes: Sequence[tuple[str, str, str, str]]) -> None:
        """Figures side by side: of each its name, the figure, what is to be known of it, and its colour."""
        gap, height, top = 3.0, 21.0, self.y
        whole = self.epw - 2 * self.c_margin  # as wide as the text above and below
        width = (whole - gap * (len(boxes) - 1)) / len(boxes)
        for number, (name, figure, more, colour) in enumerate(boxes):
            left = self.l_margin + self.c_margin + number * (width + gap)
            self.set_fill_color(*looks.rgb(looks.PALE))
            self.rect(left, top, width, height, style="F")
            self.set_fill_color(*looks.rgb(colour))
            self.rect(left, top, 1.2, height, style="F")
            for offset, text, ink, size, style in (
                (2.0, name, looks.GREY, SMALL - 1, ""),
                (7.0, figure, colour, 15.0, "B"),
                (14.5, more, looks.INK, SMALL - 1, ""),
            ):
                self.set_xy(left + 3, top + offset)
                self.write_in(ink, size, style)
                self.cell(width - 4, 5, self._cut(text, width - 5))
        self.set_xy(self.l_margin, top + height + 3)
