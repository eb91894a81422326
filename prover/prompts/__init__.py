"""Prompts of language-model policies: templates as files, one folder per family of models, and what is filled in."""
