"""dsl/symphony_dsl/syntax"""
