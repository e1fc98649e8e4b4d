"""Django ships no Kazakh formats; these are for its own widgets and humanize (settings.FORMAT_MODULE_PATH).

Pages write dates through dauys.web.days, which knows where the year stands in a sentence.
"""

DATE_FORMAT = r"Y жылғы j F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"Y жылғы j F, H:i"
YEAR_MONTH_FORMAT = r"Y жылғы F"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
NUMBER_GROUPING = 3
