"""Questions of each lesson's quiz, one file a lesson: `quiz_NN.py`.

``QUESTIONS`` is a list of (section, question, options, because). Every text is a pair, English and
Chinese; the first option is the right one (a quiz shows them in another order), and *because* is the
reply to it. Sections are those of the notebook. Nothing in a quiz hangs on a measured figure.
"""
