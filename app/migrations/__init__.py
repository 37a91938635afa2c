"""The two stores' histories, one folder each."""
