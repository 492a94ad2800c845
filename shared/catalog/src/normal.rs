//! What the server makes of what people write: the form in which `SHOW CREATE` gives it back.

pub(crate) mod charset;
pub(crate) mod data_type;
pub(crate) mod default;
pub(crate) mod keys;
pub(crate) mod options;
