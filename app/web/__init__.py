"""What every door shares: who is here, forms, pages, headers and kept typing."""
