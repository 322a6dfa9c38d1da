"""cli/symphony/project"""
