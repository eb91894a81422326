"""Running Lean: the command line, the language server kept warm, and the one interface of both."""
