"""What a message says of dates, times, durations, money, guests, places and languages.

`agents.slots.reading.read_slots` is the way in. Nothing here is heavy, and words are loaded when
the first message is read, not when the program starts.
"""
