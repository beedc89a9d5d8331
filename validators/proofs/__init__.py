"""Proofs of single fields and between the fields of one document, called by `validators.prove`."""
