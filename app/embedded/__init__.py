"""What `agora up` starts by itself where nothing is configured."""


class PartFailed(Exception):
    """A part could not be started; the message is one plain sentence that says what to do."""
