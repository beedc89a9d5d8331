"""Draws fictional business documents with exact truth, and photographs them.

Everything follows from a seed: the same library and font versions give the same bytes. Fonts are
needed to draw only; the pictures in `samples/submissions` are committed, so nothing else needs them.
"""
