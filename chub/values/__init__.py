"""Frozen values and their pure constructors: what events, queries, sessions and customers are made of."""
