"""Training: Undertone's core beside PyTorch and JAX. `python3 -m training`, in the folder above, runs it."""
