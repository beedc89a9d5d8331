"""Picture quality: what is measured on a page (`measures`), and what that means for who hands it in (`judgement`)."""
