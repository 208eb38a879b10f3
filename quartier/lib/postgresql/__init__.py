"""Django's PostgreSQL, but whoever draws pages learns soon that the server is away.

A pool in use and a server that is gone look alike to whoever waits for a connection. The first gives connections to
others meanwhile: then waiting helps. Where nobody in this process has got one for `patience_s`, nobody will.
"""

# How long that is: for a worker as long as the pool waits at most; pages set it (config/asgi.py).
LONGEST_WAIT_S = 10.0
PAGES_WAIT_S = 1.2
patience_s = LONGEST_WAIT_S
