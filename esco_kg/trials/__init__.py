"""What an organisation does with the clusters: assign terms, recommend, aggregate, test a use, review allocations."""
