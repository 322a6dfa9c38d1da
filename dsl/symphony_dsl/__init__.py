"""dsl/symphony_dsl"""
