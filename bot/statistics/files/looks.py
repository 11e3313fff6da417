"""How cells of the Excel file look: for the eye and for print, never by colour alone."""

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK, QUIET, LINE, RED = "#1A1A1A", "#595959", "#BFBFBF", "#B3001B"


class Looks:
    """Each look is made once a workbook."""

    def __init__(self, workbook: Workbook) -> None:
        def look(**values: object) -> Format:
            return workbook.add_format({"font_name": "Calibri", "font_size": 11, "valign": "top", **values})

        self.title = look(bold=True, font_size=16, font_color=INK)
        self.subtitle = look(font_color=QUIET, text_wrap=True)
        self.warning = look(bold=True, font_color="#FFFFFF", bg_color=RED, text_wrap=True)
        self.note = look(font_color=QUIET, text_wrap=True)
        self.text = look(text_wrap=True, indent=1)
        self.link = look(font_color="#0B4F9E", underline=1)
        self.head = look(bold=True, text_wrap=True, indent=1, bottom=1, bottom_color=LINE)
        self.across = look(bold=True, text_wrap=True, align="right", bottom=1, bottom_color=LINE)
        self.year = look(num_format="0")
        self.number = look(num_format="#,##0.##########")
        self.hidden = look(align="right", font_color=INK, pattern=17, fg_color=LINE)
        self.count = look(num_format="#,##0")
        self.total = look(num_format="#,##0", bold=True)
        self.total_label = look(text_wrap=True, indent=1, bold=True)
