"""The room of concerns: what children told, sealed; who may read it, and what was done."""
