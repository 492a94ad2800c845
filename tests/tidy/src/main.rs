//! Writes docs/permissions.md anew, after template.yaml or the purposes of its statements changed.

use tidy::fault::TidyError;
use tidy::permissions::{page, statements};
use tidy::sources;
use tidy::template::Template;

fn main() -> Result<(), TidyError> {
    let path = sources::path("docs/permissions.md");
    let text = page(&statements(&Template::load()?)?);
    std::fs::write(&path, text).map_err(|source| TidyError::Read { path, source })
}
