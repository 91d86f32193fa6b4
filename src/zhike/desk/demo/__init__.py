"""The demo shop: a believable shop of tea and kitchen ware that never was, made from one seed and taken away again.

Nobody in it exists. Names are drawn by how frequent they are, telephone numbers lie in segments nobody was given, mail
goes to example domains, and addresses name streets without such houses.
"""
