"""editor/symphony_editor"""
