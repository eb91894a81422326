"""The marks of the compact format, the same in both languages."""

from __future__ import annotations

import re

ARROW = "=>"
"""Where a prompt ends and its answer begins."""
HELPERS = "<+>"
"""In front of new declarations."""
MARK = re.compile(r"<(\+|\d+)>")
MOST_CONTEXT = 160
"""Words of other declarations in a prompt, at most."""
