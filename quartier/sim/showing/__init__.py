"""What else goes on in a demonstration: help that comes again, lists and money, calls, answers, and who is asked.

`shown` is the crisis with all of it; the other files each invent one thing, through the actions and as its time comes.
"""
