//! What pages have only while a server shows them.

use super::Html;
use super::lists::content;
use crate::docs::site::Site;
use crate::host::Host;
use maud::{Markup, html};

/// Where a server shows the pages.
const ROOT: &str = "/_counterpart/docs/";

/// The page where there is none.
pub(in crate::docs) fn missing(site: &Site, host: &Host) -> String {
    let html = Html {
        site,
        host,
        root: ROOT,
        of: None,
    };
    let main = html! {
        h1 { "There is no such page" }
        p { "The contract that is served may have changed. What there is stands in the "
            a href={ (ROOT) "index.html" } { "list of services" } " and in that of all "
            a href={ (ROOT) "endpoints.html" } { "endpoints" } "." }
    };
    html.page(&content("There is no such page", main))
}

impl Html<'_> {
    /// The ways from the pages to the others of the server.
    pub(super) fn served_links(&self) -> Markup {
        html! {
            @if self.site.served.is_some() {
                a href="/_counterpart/" { "Inspector" }
            }
        }
    }
}
