"""The papers that every school asks for: records as data, read into checked values; no HTTP."""
