"""cli/symphony/command"""
