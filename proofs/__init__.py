"""What can be proven without the hub: the one code that makes proofs, in the hub, and checks them, anywhere.

`canonical` (RFC 8785), `chain` (the ledger's hashes), `merkle` (RFC 6962), `dsse` (signatures), `manifest` (OpenSSF
model signatures), `export` (an exported ledger). Stands on nothing of ours and on no Django: `hub` and `sdk`, which
may not import each other, both import it.
"""
