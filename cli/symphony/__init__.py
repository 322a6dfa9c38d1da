"""cli/symphony"""
