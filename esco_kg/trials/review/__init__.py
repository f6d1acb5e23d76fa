"""Review of allocations: workbooks out, decisions in, error rates and agreement measured, the ledger appended to."""
