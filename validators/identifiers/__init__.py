"""Numbers that identify companies, persons, accounts and invoices: one module a number, the same few verbs.

`compact` gives the bare form, `validate` the canonical form or raises a `ValidationError` (a ValueError) of one of four
kinds: format, length, checksum, component. `is_valid` asks the same without raising; `calc_check_digit` and `repair`
exist where the number carries check digits. The manner, and the errors, are python-stdnum's.
"""
