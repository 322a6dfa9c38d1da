"""compiler/symphony_compiler"""
