"""Finding records of one customer (Fellegi and Sunter 1969, by Splink): Chinese names, telephones, addresses.

`features.table` makes the columns, `blocking.block` the pairs, `learning.fit` the parameters, `engine.score` the weights;
`clusters` and `measuring` say what came of it. Everything happens in memory.
"""
