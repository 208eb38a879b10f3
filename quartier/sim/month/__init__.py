"""A month of a small group, lived through the product's own pages and worker, and examined afterwards.

Nobody of the team looks at the board, or they do; most neighbours do not answer. That is given: what the product makes
of it is what the examiner looks at.
"""
