"""The ground floor: mechanisms that know no school."""
