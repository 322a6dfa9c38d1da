"""One command a topic; each measures two things in turns and prints both, the ratio and the bar.

Times are CPU time (user and system, children included) unless a column says wall. Absolute times mean nothing on a
shared machine: read the ratios.
"""
