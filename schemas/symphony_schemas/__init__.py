"""schemas/symphony_schemas"""
