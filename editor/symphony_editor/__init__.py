"""The language server and what editors need of it. Its room stands; the work on editors fills it."""
