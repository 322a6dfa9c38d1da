"""dsl/symphony_dsl/base"""
