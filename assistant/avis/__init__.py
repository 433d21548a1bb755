"""What agents say of cards and of answers: checked, doubtful, wrong.

Marks do not live in the versions of the index: one holds at once, for every process, and survives
publications. It is bound to the words that were judged, and no longer holds once they change.
"""
