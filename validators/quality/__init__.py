"""Picture quality: what is measured on a page, which of that is a flaw, what it costs, and signs of reuse.

`measures` brings together `text`, `light`, `surface` and `colour`; `flaws` holds them against their limits; `judgement`
says what a flaw costs; `signs` and `traces` are about pictures that are not of the original.
"""
