//! Stories on the deployed template.
