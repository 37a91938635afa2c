"""Attacks: whatever somebody sends who means harm, nothing breaks, leaks or changes."""
