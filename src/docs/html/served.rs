//! What pages have only while a server shows them: ways to its other pages, and what they load.

use super::frame::At;
use super::lists::content;
use super::{Content, Html};
use crate::docs::site::Site;
use crate::host::Host;
use maud::{Markup, html};

/// Where a server shows the pages.
const ROOT: &str = "/_counterpart/docs/";

/// The page where there is none.
pub(in crate::docs) fn missing(site: &Site, host: &Host) -> String {
    let html = Html::of(site, host, ROOT, None);
    let main = html! {
        h1 { "There is no such page" }
        p { "The contract that is served may have changed. What there is stands in the "
            a href={ (ROOT) "index.html" } { "list of services" } " and in that of all "
            a href={ (ROOT) "endpoints.html" } { "endpoints" } "." }
    };
    html.page(&content("There is no such page", main))
}

impl Html<'_> {
    /// What an operation's page loads for its form.
    pub(super) fn served_head(&self, content: &Content) -> Markup {
        let has_form =
            self.site.served.is_some() && matches!(content.at, Some((At::Operation(_), _)));
        html! {
            @if has_form {
                link rel="stylesheet" href={ (self.root) "assets/trial.css" };
                script src={ (self.root) "assets/exchange.js" } defer {}
                script src={ (self.root) "assets/trial.js" } defer {}
            }
        }
    }

    /// The ways from the pages to the others of the server.
    pub(super) fn served_links(&self) -> Markup {
        html! {
            @if self.site.served.is_some() {
                a href="/_counterpart/" { "Inspector" }
            }
        }
    }
}
