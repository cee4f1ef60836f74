//! What people see of the control plane in a browser: the documentation of what is served, the
//! inspector, and Swagger UI.
//!
//! Pages answer navigations from anywhere (a link may lead to one), and what they do goes through
//! the operations of the control plane, as their own origin. Nothing that a contract or a client
//! says is ever part of a script or of markup.

mod docs;
mod entry;
mod inspector;
mod page;
mod swagger;

pub(in crate::server) use docs::Library;
pub(super) use docs::{DOCS, to_docs, to_page};
pub(super) use entry::{ENTRY, enter, sealed};
pub(super) use inspector::{INSPECTOR, inspector, part, to_inspector};
pub(super) use swagger::{SWAGGER, swagger, swagger_part, to_swagger};

use super::PREFIX;

/// Whether a path is one of the pages, or of what they are made of.
pub(super) fn are_at(path: &str) -> bool {
    let Some(path) = path.strip_prefix(PREFIX) else {
        return false;
    };
    if path.is_empty() || path == "/" {
        return true;
    }
    let folders = ["/docs", "/entry", "/inspector", "/swagger"];
    let is_in = |folder: &&str| {
        let rest = path.strip_prefix(*folder);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    folders.iter().any(is_in)
}
