"""What lasts beyond the first visit, in the true mode: help that comes again, money, what people say, listening.

Everything goes through the actions of the rooms. What people do is drawn for them alone, with keys of its own, so that
what is asked first and how it is answered stays as it was.
"""
