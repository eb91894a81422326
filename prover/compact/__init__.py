"""The compact format: a goal and an answer as few words, for small models that are trained on nothing else.

A model of a few million parameters, trained for minutes, has neither the window nor the practice for whole files. So it
is shown the declaration with numbered marks where proof text may stand, behind the declarations that it uses, all as
words with single blanks between them; and it answers with marks and the words that belong there."""
