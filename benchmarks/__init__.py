"""Measurements that compare within one run; none is a test, for machines differ."""
