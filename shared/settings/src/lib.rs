//! Projects, environments, policies and path templates: parsed once, complete, or refused with the reason.
