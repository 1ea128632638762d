"""Files in a conversation: taken in, read, sent with a message, and gone with it.

What they say is data for the answers of that one conversation. It never becomes the market's
knowledge, and nobody but the conversation's person can open them.
"""
