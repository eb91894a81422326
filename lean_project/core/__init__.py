"""The bundled core library: a small `Init` of our own, on which Lean's own front end elaborates ordinary files.

`src/` holds definitions and lemmas under the names, types and meanings of stock Lean; `generate` derives the
declarations that bind to the native grammar from the installed library; `build` compiles both once. What is proved on
this core is proved about these definitions: a file that elaborates here is meant to elaborate under stock Lean, which
has the last word.
"""
