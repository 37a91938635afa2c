"""The room of a school's people: adults, classes and pupils, and how each signs in."""
