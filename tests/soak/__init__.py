"""A long property test: two people, three channels, four flows, against a model as plain as the rules."""
