"""Measurements that anyone may repeat on their own machine. Figures are printed as they come out."""
