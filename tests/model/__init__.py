"""A slow, plain model of what docs/semantics.md and docs/contract.md promise of a call, and cases to compare ndcall with it.

Nothing here but `play` and `values` imports ndcall, and these only call it: what a call does is decided twice, by two programs.
"""
