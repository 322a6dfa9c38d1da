"""dsl/symphony_dsl/expressions"""
