"""Statistics by scikit-learn and SciPy, in a process that `app.analytics.worker` starts.

Nothing else imports what is in here: both libraries take more memory than the program idles with.
"""
