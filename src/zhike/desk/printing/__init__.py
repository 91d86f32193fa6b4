"""Sheets of paper from plain data: the same sheet as PDF, Word and Excel. Knows no customer; what stands here was sifted before."""
