"""runtime/symphony_runtime"""
