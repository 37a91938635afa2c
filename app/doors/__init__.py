"""The doors, one for each kind of visitor: addresses, forms and wording, and no rules."""
