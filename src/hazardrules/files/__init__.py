"""Files of observations, judged row by row in bounded memory: CSV, JSON Lines, Parquet, Excel.

``classify_file(source, target, ...)`` in ``run`` does it; ``sources`` read, ``columns`` say what cells mean,
``judging`` judges, ``targets`` write, ``progress`` records how far a run has come.
"""
