//! What every page has around its own content.

use super::Html;
use crate::docs::escape::visible;
use crate::docs::site::Service;
use maud::{DOCTYPE, Markup, html};
use std::borrow::Cow;

/// What a page lets in: its own script and style, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/// What is on a page, and where in the site it stands.
pub(super) struct Content {
    /// What the page is about.
    pub title: String,
    /// The same in a sentence, as plain text.
    pub summary: String,
    /// What it is of in the sidebar, and the sections that the page has.
    pub at: Option<(At, Vec<(&'static str, &'static str)>)>,
    /// The pages before and after.
    pub beside: [Option<String>; 2],
    /// The same page as Markdown.
    pub text: Option<String>,
    /// The content.
    pub main: Markup,
}

/// What of its service a page is of, by its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Operation(usize),
    Webhook(usize),
}

impl Html<'_> {
    /// A whole page.
    pub(super) fn page(&self, content: &Content) -> String {
        let root = self.root;
        let service = self.service();
        let title = match service {
            Some(service) if service.title != content.title => {
                format!("{} · {}", content.title, service.title)
            }
            _ => content.title.clone(),
        };
        let [before, after] = &content.beside;
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    title { (title) }
                    @if !content.summary.is_empty() {
                        meta name="description" content=(content.summary);
                    }
                    link rel="icon" href="data:,";
                    script src={ (root) "assets/theme.js" } {}
                    link rel="stylesheet" href={ (root) "assets/site.css" };
                    script src={ (root) "assets/site.js" } defer {}
                    (self.served_head(content))
                    @if let Some(text) = &content.text {
                        link rel="alternate" type="text/markdown" href=(text);
                    }
                    @if let Some(before) = before { link rel="prev" href=(before); }
                    @if let Some(after) = after { link rel="next" href=(after); }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header.top {
                        button.menu type="button" popovertarget="side" { "Menu" }
                        a.brand href={ (root) "index.html" } { "API reference" }
                        nav aria-label="Site" {
                            a href={ (root) "index.html" } { "Services" }
                            a href={ (root) "endpoints.html" } { "Endpoints" }
                            a href={ (root) "auth.html" } { "Authentication" }
                            a href={ (root) "errors.html" } { "Errors" }
                            (self.served_links())
                        }
                        div.tools {}
                    }
                    div.frame {
                        (self.side(service, content))
                        main #main tabindex="-1" { (content.main) }
                    }
                }
            }
        };
        // What is no markup is text, and no character of it acts.
        let page = page.into_string();
        match visible(&page) {
            Cow::Borrowed(_) => page,
            Cow::Owned(seen) => seen,
        }
    }

    /// The sidebar: the services, and of the one that the page is of its operations, those of the
    /// same tag opened.
    fn side(&self, service: Option<&Service>, content: &Content) -> Markup {
        let label = service.map_or("Services", |service| service.title.as_str());
        let others = self.site.services.iter();
        let others = others.filter(|other| service.is_none_or(|own| own.slug != other.slug));
        let others: Vec<&Service> = others.collect();
        html! {
            nav.side #side aria-label=(label) popover {
                @if let Some(service) = service {
                    ul { li {
                        a.service href=(self.to_service(service, "index.html")) {
                            span dir="auto" { (service.title) }
                        }
                        ul {
                            @for tag in &service.tags {
                                (self.tag(service, tag, content))
                            }
                            @if !service.webhooks.is_empty() {
                                (self.webhooks_beside(service, content))
                            }
                            @if !service.schemas.is_empty() {
                                li { a href=(self.to_service(service, "schemas/index.html")) {
                                    span { "Schemas" }
                                } }
                            }
                            @if service.changes.is_some() {
                                li { a href=(self.to_service(service, "changelog.html")) {
                                    span { "Changes" }
                                } }
                            }
                        }
                    } }
                }
                @if !others.is_empty() {
                    h2 { @if service.is_some() { "Other services" } @else { "Services" } }
                    ul { @for other in others {
                        li { a href=(self.to_service(other, "index.html")) {
                            span dir="auto" { (other.title) }
                        } }
                    } }
                }
            }
        }
    }
}
