"""What children write of adults' names, and what they write of everything else."""
