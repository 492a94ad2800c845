//! For tests: fakes of the ports, fixtures, scratch databases, the scenario language.
