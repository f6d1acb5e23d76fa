"""Small counts: what is left out of a table, and what somebody who adds and subtracts could still find out."""
