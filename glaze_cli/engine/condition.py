"""A column's `when`: a JMESPath expression over the row, by header."""

from __future__ import annotations

from collections.abc import Mapping

import jmespath
from jmespath.exceptions import JMESPathError

from glaze_cli.errors import ConfigError


class Condition:
    """Compiled once, asked for every row."""

    def __init__(self, expression: str, header: str) -> None:
        """Raises ConfigError when it is not JMESPath."""
        self.text = expression
        try:
            self._compiled = jmespath.compile(expression)
        except JMESPathError as error:
            first = str(error).splitlines()[0]
            raise ConfigError(
                f'[columns."{header}"] when = {expression!r} cannot be read: {first} '
                "Quote headers with spaces twice over: when = '\"Company Name\" != `null`'."
            ) from error

    def holds(self, row: Mapping[str, str]) -> bool:
        """Whether the row meets it; an expression that does not fit the row's values does not hold."""
        try:
            return bool(self._compiled.search(dict(row)))
        except JMESPathError:
            return False
