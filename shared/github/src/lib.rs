//! GitHub as an App installation, over octocrab.
