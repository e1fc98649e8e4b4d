"""The ledger without the application: tree, tiles, heads, leaves, receipts.

Anyone may verify with this alone: it needs the standard library and `cryptography`.
"""
