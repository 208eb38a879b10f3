"""The pages as an app on the phone: told at once, there without a network, on the home screen.

Without JavaScript, or where the browser cannot, everything else works as before.
"""
