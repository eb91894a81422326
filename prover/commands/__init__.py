"""The command line: a module for each command, from the words that were typed to files, texts and an exit code.

`app.py` declares the commands about one file and calls the others, `batch.py` those about many tasks.
"""
