"""Agora: many local markets of services in one self-hosted program."""

import os

# NumPy's threads wait by spinning. For the small products here that takes six times the processor
# time of one thread, and ten times the time where cores are shared; it must be set before NumPy is
# loaded, hence here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
