"""Interfaces for programs: the JSON interface and the Reconciliation Service API."""
